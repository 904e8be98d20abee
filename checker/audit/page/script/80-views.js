// The four views: overview, matrix, findings, and what was not checked.

function tile(name, value, act, kind) {
  const body = [el('span', { class: 'figure' }, typeof value === 'number' ? count(value) : value), el('span', { class: 'what' }, t(name))];
  return act ? el('button', { type: 'button', class: `tile ${kind || ''}`, on: { click: act } }, body) : el('div', { class: `tile ${kind || ''}` }, body);
}

/** Counts of the whole run, whatever is filtered. */
function totals() {
  const sum = name => W[name].reduce((all, one) => all + one, 0);
  const changes = { new: 0, still: 0 };
  for (let i = 0; i < F.count; i++) if (F.change[i]) changes[['', 'new', 'still'][F.change[i]]]++;
  const gone = kind => D.gone.filter(one => one.change === kind).length;
  return {
    units: D.units.length - D.nameless.size, workbooks: W.count, checked: W.status.filter(one => one === 0).length, partly: W.status.filter(one => one === 1).length,
    unread: W.status.filter(one => one === 2).length, errors: sum('errors'), warnings: sum('warnings'), notes: sum('notes'), waived: sum('waived'),
    ...changes, solved: gone('solved'), unchecked: gone('unchecked'),
  };
}

function tiles() {
  const all = totals();
  const go = asked => () => change({ ...cleared(), view: 'findings', ...asked });
  const groups = [
    el('div', { class: 'tiles' }, tile('units', all.units), tile('workbooks', all.workbooks), tile('checked', all.checked), tile('partly', all.partly, all.partly && (() => change({ view: 'gaps' })), all.partly ? 'alert' : ''), tile('unread', all.unread, all.unread && (() => change({ view: 'gaps' })), all.unread ? 'alert' : '')),
    el('div', { class: 'tiles' }, tile('errors', all.errors, go({ sev: 'e' }), 'error'), tile('warnings', all.warnings, go({ sev: 'w' }), 'warning'), tile('notes', all.notes, go({ sev: 'n' }), 'note'), tile('waived', all.waived, all.waived && go({ status: 'waived' }))),
  ];
  if (D.head.before) groups.push(el('div', { class: 'tiles' }, ...['new', 'still', 'solved', 'unchecked'].map(name => tile(name, all[name], all[name] && go({ change: name })))));
  return el('div', { class: 'tile-groups' }, groups);
}

function packsTable() {
  const rows = D.packs.map(pack => [
    pack.id,
    pack.edition,
    el('span', { class: pack.status === 'sourced' ? 'standing ok' : 'standing' }, t(pack.status ? `pack_${pack.status}` : 'pack_unknown')),
    pack.remarks.map(say).join(' '),
  ]);
  return table([[t('pack'), 'tight'], [t('edition'), 'tight'], [t('standing'), 'tight'], [t('remarks'), '']], rows, { class: 'packs' });
}

function record() {
  const { head } = D;
  if (!head.run) return null;
  return el(
    'dl',
    { class: 'record' },
    field('run', el('code', {}, head.run)),
    field('finished', head.finished ? `${head.finished.replace('T', ' ').slice(0, 19)} UTC` : t('interrupted')),
    field('engine', head.engine),
    field('rules_digest', el('code', {}, head.rules)),
    field('ledger', el('code', {}, head.ledger || '—')),
    field('before', head.before ? el('code', {}, head.before) : t('no_run_before')),
    field('reused', count(head.reused)),
  );
}

function overview() {
  return el(
    'div',
    { class: 'overview' },
    D.head.status && D.head.status !== 'complete' ? el('p', { class: 'alert-line' }, t('interrupted_run')) : null,
    tiles(),
    el('div', { class: 'charts' }, unitsChart(), rulesChart(), scoresChart(), ratesChart()),
    el('section', { class: 'about' }, el('div', {}, el('h3', {}, t('packs_used')), packsTable()), D.head.run ? el('div', {}, el('h3', {}, t('run_record')), record()) : null),
  );
}

function select(name, choices, label) {
  const made = el('select', { id: `choose-${name}`, on: { change: event => change({ [name]: event.target.value }) } }, choices.map(([value, text]) => el('option', { value }, text)));
  made.value = S[name];
  return el('label', { class: 'choice' }, el('span', {}, label), made);
}

function matrixView() {
  const matrix = new Matrix((what, focus) => open(what, focus));
  const legend = el(
    'p',
    { class: 'legend' },
    el('span', {}, [['error', '1'], ['error some', '3'], ['error many', '10'], ['warning', '1'], ['note', '1'], ['waived', '1']].map(([kind, figure]) => el('span', { class: `cell ${kind}` }, figure)), t('legend_count')),
    D.head.whole ? [['p', '·'], ['i', '?'], ['u', '≈'], ['b', '!']].map(([code, sign]) => el('span', {}, el('span', { class: `cell code-${code}` }, sign), t(`code_${code}`))) : null,
    el('span', {}, t(D.head.whole ? 'legend_blank' : 'legend_open')),
  );
  const bar = el(
    'div',
    { class: 'view-bar' },
    select('rows', [['errors', t('by_errors')], ['count', t('by_count')], ['amount', t('by_amount')], ['marks', t('by_marks')], ['name', t('by_name')]], t('order_units')),
    select('columns', [['count', t('by_units')], ['id', t('by_id')], ...(D.head.whole ? [['all', t('all_rules')]] : [])], t('order_rules')),
    legend,
  );
  const box = el('div', { class: 'view fill' }, bar, matrix.element);
  return { element: box, ready: () => matrix.show() };
}

function findingRow(i) {
  const w = F.workbook[i];
  const more = F.follow[i] + F.places[i];
  return [
    el('span', { class: `stripe ${SEVERITIES[F.severity[i]]}` }),
    el(
      'span',
      { class: 'main' },
      el('span', { class: 'message' }, message(i, language)),
      el('span', { class: 'sub' }, severityMark(F.severity[i]), F.waived[i] ? el('span', { class: 'mark waived' }, t('waived')) : null, F.change[i] === 1 ? el('span', { class: 'change' }, t('new')) : null, el('span', { class: 'ruleid' }, D.rules[F.rule[i]].id), el('span', { class: 'unitname' }, unitName(W.unit[w])), el('span', { class: 'where' }, placeOf(i))),
    ),
    el('span', { class: 'side' }, el('span', { class: 'amount' }, F.difference[i] === null ? '' : amount(F.difference[i], D.strings[F.unit[i]])), el('span', { class: 'sub' }, more ? t('more_short', { count: more }) : '')),
  ];
}

function goneRow(one) {
  return [
    el('span', { class: 'stripe gone' }),
    el('span', { class: 'main' }, el('span', { class: 'message' }, `${one.label}`), el('span', { class: 'sub' }, el('span', { class: 'change' }, t(one.change)), el('span', { class: 'ruleid' }, D.rules[one.rule].id), el('span', { class: 'unitname' }, one.unit || fileName(one.source)), el('span', { class: 'where' }, place(one.sheet, one.cell)))),
    el('span', { class: 'side' }, el('span', { class: 'sub' }, one.year)),
  ];
}

function findingsView() {
  const gone = R.gone.length || GONE.includes(S.change);
  const found = gone ? R.gone : R.shown;
  let waiting;
  const rows = new Rows({
    label: t('findings'), height: 54,
    render: n => (gone ? goneRow(found[n]) : findingRow(found[n])),
    open: (n, focus) => (gone ? open(`r${found[n].rule}`, focus) : open(`f${found[n]}`, focus)),
    chosen: n => {
      clearTimeout(waiting);
      if (!gone) waiting = setTimeout(() => change({ open: `f${found[n]}` }, { again: true }), 120);
    },
  });
  const bar = el(
    'div',
    { class: 'view-bar' },
    select('sort', [['severity', t('by_severity')], ['amount', t('by_amount')], ['marks', t('by_marks')], ['count', t('by_follow')], ['report', t('by_report')]], t('order')),
    el('label', { class: 'choice' }, tick('all', S.all === '1', on => change({ all: on ? '1' : '' })), el('span', {}, t('show_following'))),
    el('span', { class: 'muted' }, t('list_count', { count: count(found.length) }), !gone && R.below ? `　${t('and_following', { count: count(R.below) })}` : ''),
  );
  const empty = el('p', { class: 'empty' }, R.filtered ? t('none_passes') : t('no_findings'));
  const at = S.open[0] === 'f' && !gone ? found.indexOf(Number(S.open.slice(1))) : -1;
  return { element: el('div', { class: 'view fill' }, bar, found.length ? rows.element : empty), ready: () => found.length && rows.show(found.length, at) };
}

function tick(name, on, act) {
  const made = el('input', { type: 'checkbox', id: `tick-${name}`, on: { change: event => act(event.target.checked) } });
  made.checked = on;
  return made;
}

const MOST_REASONS = 3;

/** Rules without an answer in some workbooks, forms that were waited for, and what was not found in the files. */
function gapsOfRules() {
  const counts = new Map();
  for (let w = 0; w < W.count; w++) {
    if (!R.books[w]) continue;
    for (const [rule, code] of profile(w)) {
      if (code === 'p' || code === 'n') continue;
      if (!counts.has(rule)) counts.set(rule, { i: 0, u: 0, b: 0, why: new Map() });
      counts.get(rule)[code]++;
      const told = counts.get(rule).why;
      for (const reason of why(w).get(rule) || []) told.set(reason[0], [1 + (told.get(reason[0]) || [0])[0], reason]);
    }
  }
  return [...counts].sort((a, b) => b[1].b - a[1].b || b[1].i - a[1].i || b[1].u - a[1].u || a[0] - b[0]);
}

/** The most frequent reasons why a rule did not answer, with the number of workbooks. */
function reasonsOf(told) {
  const found = [...told.values()].sort((a, b) => b[0] - a[0]);
  return found.slice(0, MOST_REASONS).map(([n, reason]) => el('div', {}, both(reason), el('span', { class: 'muted' }, ` ×${count(n)}`)))
    .concat(found.length > MOST_REASONS ? el('div', { class: 'muted' }, t('other_reasons', { count: count(found.length - MOST_REASONS) })) : []);
}

function counted(column, text) {
  const counts = new Map();
  for (let w = 0; w < W.count; w++) if (R.books[w]) for (const one of new Set(W[column][w].map(text))) counts.set(one, (counts.get(one) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function gapsView() {
  const files = [];
  for (let w = 0; w < W.count; w++) if (R.books[w] && W.status[w]) files.push(w);
  files.sort((a, b) => W.status[b] - W.status[a] || a - b);
  const rows = new Rows({
    label: t('unread_files'), height: 54,
    render: n => {
      const w = files[n];
      const why = W.error[w] ? `${both(W.error[w])} [${W.error[w][2]}]` : list(W.problems[w].map(both));
      return [
        el('span', { class: `stripe ${STATUSES[W.status[w]]}` }),
        el('span', { class: 'main' }, el('span', { class: 'message' }, why || '—'), el('span', { class: 'sub' }, el('span', { class: `status ${STATUSES[W.status[w]]}` }, t(STATUSES[W.status[w]])), el('span', { class: 'path' }, W.path[w]))),
      ];
    },
    open: (n, focus) => open(`u${W.unit[files[n]]}`, focus),
  });
  rows.element.style.height = `${Math.min(330, files.length * 54 + 2)}px`;
  const rules = gapsOfRules();
  const awaits = counted('awaits', form => D.strings[form]);
  const problems = counted('problems', both);
  const open_ = [0, 0, 0];
  for (let w = 0; w < W.count; w++) if (R.books[w]) W.open[w].forEach((one, n) => (open_[n] += one));
  const awaited = name => (name.startsWith('prior!') ? t('of_last_year', { form: name.slice(6) }) : name);
  const element = el(
    'div',
    { class: 'view gaps' },
    el('p', { class: 'sentence' }, t(D.head.whole ? 'gaps_sentence' : 'gaps_sentence_report')),
    el('section', {}, el('h3', {}, t('unread_files'), el('span', { class: 'muted' }, ` ${count(files.length)}`)), files.length ? rows.element : el('p', { class: 'empty' }, t('all_read'))),
    el(
      'section',
      {},
      el('h3', {}, t('undecided_rules'), el('span', { class: 'muted' }, `　${t('open_counts', { u: count(open_[0]), i: count(open_[1]), b: count(open_[2]) })}`)),
      rules.length
        ? el('div', { class: 'table-box', tabindex: 0 }, table(
            [[t('rule'), ''], [t('must_hold'), ''], [t('reason'), ''], [t('code_i'), 'number'], [t('code_u'), 'number'], [t('code_b'), 'number']],
            rules.map(([rule, codes]) => [button(D.rules[rule].id, () => open(`r${rule}`), { class: 'link' }), ruleTitle(rule), reasonsOf(codes.why), ...['i', 'u', 'b'].map(code => (codes[code] ? count(codes[code]) : ''))]),
          ))
        : el('p', { class: 'empty' }, t('all_decided')),
    ),
    awaits.length ? el('section', {}, el('h3', {}, t('awaited')), table([[t('form'), ''], [t('workbooks'), 'number']], awaits.slice(0, MOST_TABLE).map(([name, n]) => [awaited(name), count(n)]))) : null,
    problems.length ? el('section', {}, el('h3', {}, t('problems')), table([[t('problem'), ''], [t('workbooks'), 'number']], problems.slice(0, MOST_TABLE).map(([name, n]) => [name, count(n)]))) : null,
  );
  return { element, ready: () => files.length && rows.show(files.length) };
}
