// On paper: what the run is, the filter, and its findings; not the lists that show only what is in sight.

const MOST_PRINTED = 1500;

function filterWords() {
  const words = [];
  if (S.q) words.push(`${t('search')} “${S.q}”`);
  if (S.sev !== DEFAULTS.sev) words.push(list(SEVERITIES.filter(name => S.sev.includes(name[0])).map(name => t(name))));
  if (S.status) words.push(t(S.status === 'waived' ? 'waived' : 'standing_findings'));
  for (const name of ['pack', 'year', 'rule', 'unit']) if (S[name]) words.push(`${t(name)} ${S[name]}`);
  if (S.change) words.push(t(S.change));
  if (S.only) words.push(t('only_unread'));
  return words.length ? words.join('；') : t('no_filter');
}

function preparePrint() {
  const all = totals();
  const sheet = document.getElementById('print');
  const found = R.shown.slice(0, MOST_PRINTED);
  const unread = [];
  for (let w = 0; w < W.count; w++) if (R.books[w] && W.status[w] === 2) unread.push(w);
  const panelShown = S.open && !document.getElementById('panel').hidden;
  const names = ['units', 'workbooks', 'checked', 'partly', 'unread', 'errors', 'warnings', 'notes', 'waived'];
  sheet.replaceChildren(
    el('h1', {}, t('title')),
    record() || '',
    table(names.map(name => [t(name), 'number']), [names.map(name => count(all[name]))]),
    packsTable(),
    el('p', {}, `${t('filter')}：${filterWords()}　${t('list_count', { count: count(R.shown.length) })}`),
    el('h2', {}, t('findings')),
    table(
      [[t('severity'), 'tight'], [t('unit'), 'who'], [t('cell'), 'place'], [t('what_is_wrong'), ''], [t('rule'), 'tight'], [t('difference'), 'number']],
      found.map(i => {
        const w = F.workbook[i];
        return [F.waived[i] ? t('waived') : t(SEVERITIES[F.severity[i]]), [el('div', {}, D.nameless.has(W.unit[w]) ? '' : D.units[W.unit[w]]), el('div', { class: 'muted' }, fileName(W.path[w]))], placeOf(i), message(i, language), D.rules[F.rule[i]].id, F.difference[i] === null ? '' : amount(F.difference[i], D.strings[F.unit[i]])];
      }),
    ),
    R.shown.length > found.length ? el('p', {}, t('print_more', { count: count(R.shown.length - found.length) })) : '',
    unread.length ? el('h2', {}, t('unread_files')) : '',
    unread.length ? table([[t('file'), ''], [t('why_unread'), '']], unread.slice(0, MOST_PRINTED).map(w => [W.path[w], W.error[w] ? both(W.error[w]) : ''])) : '',
    panelShown ? el('h2', {}, t('opened')) : '',
  );
  if (panelShown) {
    const copied = document.getElementById('panel').cloneNode(true);
    copied.removeAttribute('id');
    copied.className = 'opened';
    copied.querySelectorAll('button.close, button.copy').forEach(one => one.remove());
    sheet.append(copied);
  }
  sheet.hidden = false;
}

function printed() {
  const sheet = document.getElementById('print');
  sheet.hidden = true;
  sheet.replaceChildren();
}
