// One finding with everything that proves it, and the panel beside the lists that shows it.

const DENIED = { '=': '≠', '<=': '>', '≤': '>', '>=': '<', '≥': '<', '<': '≥', '>': '≤' };
const SIGNS = { '<=': '≤', '>=': '≥', '<>': '≠' };

/** Both sides of a formula, where it is plain where one ends. */
function sides(text, operator) {
  const parts = text.split(` ${operator} `);
  return parts.length === 2 ? parts : null;
}

function sourceLine(source) {
  if (!source) return '';
  const named = list([source.document, source.article].filter(Boolean));
  const standing = source.status && source.status !== 'sourced' ? t(source.status) : '';
  return standing ? [named, ' ', el('span', { class: 'standing' }, standing)] : named;
}

function citation(i, found) {
  const w = F.workbook[i];
  const document = found.source ? list([found.source.document, found.source.article].filter(Boolean)) : '';
  return t('citation', {
    unit: D.units[W.unit[w]], year: D.strings[W.year[w]], file: fileName(W.path[w]), place: placeOf(i), label: D.strings[F.label[i]],
    message: message(i, language), document: document || t('none'), rule: found.rule, id: found.id, run: D.head.run || '—',
  });
}

async function copy(text, pressed) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (refused) {
    const field = el('textarea', { class: 'unseen' });
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    pressed.focus();
  }
  announce(t('copied'));
  pressed.textContent = t('copied');
  setTimeout(() => (pressed.textContent = t('copy_citation')), 2000);
}

const field = (name, ...content) => [el('dt', {}, t(name)), el('dd', {}, content)];

const same = (filled, value) => filled === value || (value !== null && Number(filled.replace(/,/g, '').replace('−', '-')) === Number(value));

/** The comparison: what is there, what should be, and how far apart they are. */
function comparison(found) {
  const failed = found.status === 'fail' || found.status === 'waived';
  const operator = SIGNS[found.operator] || found.operator;
  const sign = failed ? DENIED[found.operator] || operator : operator;
  if (found.actual === null && found.expected === null && !found.formula) return null;
  const formula = sides(found.formula, found.operator);
  const values = sides(found.values, found.operator);
  const side = (name, value, n) =>
    el(
      'div',
      { class: `side ${name}` },
      el('span', { class: 'label' }, t(name)),
      el('strong', { class: String(value).length > 24 ? 'value long' : 'value' }, value === null ? '—' : amount(value, found.unit)),
      formula && formula[n] ? el('code', { class: 'formula' }, formula[n]) : null,
      values && values[n] && !same(values[n], value) ? el('code', { class: 'filled' }, `= ${values[n]}`) : null,
    );
  const figures = [['difference', found.difference], ['at_least', found.at_least], ['tolerance', found.tolerance]]
    .filter(([, value]) => value !== null)
    .map(([name, value]) => el('div', { class: `figure ${name}`, title: t(`${name}_means`) }, el('dt', {}, t(name)), el('dd', {}, amount(value, found.unit))));
  return el(
    'section',
    { class: 'comparison', 'aria-label': t('proof') },
    found.expected === null && !formula
      ? el('div', { class: 'sides alone' }, side('actual', found.actual, 0))
      : el('div', { class: 'sides' }, side('actual', found.actual, 0), el('span', { class: 'sign' }, sign), side('expected', found.expected, 1)),
    figures.length ? el('dl', { class: 'figures' }, figures) : null,
    found.formula && !(formula && values)
      ? el(
          'dl',
          { class: 'whole' },
          field('formula', el('code', {}, found.formula)),
          field('filled_in', el('code', {}, found.values)),
        )
      : null,
  );
}

function operands(found, w) {
  if (!found.operands.length) return null;
  return el(
    'section',
    { class: 'operands' },
    el('h4', {}, t('cells'), el('span', { class: 'file', title: W.path[w] }, fileName(W.path[w]))),
    table(
      [[t('cell'), 'place'], [t('label'), 'label'], [t('as_typed'), 'typed'], [t('read_as'), 'number']],
      found.operands.map(one => [
        place(one.sheet, one.cell), one.label, one.text.trim() ? one.text : el('i', {}, t('blank')), one.value === null ? '—' : amount(one.value, one.unit),
      ]),
    ),
  );
}

function explanation(said) {
  if (!said) return null;
  const word = said.kind === 'waiver' ? 'waiver' : 'explanation';
  const holds = [said.limit ? t('up_to', { amount: said.limit }) : '', said.until ? t('until', { day: said.until }) : ''];
  const told = [said.reason, said.by, said.on, ...holds, said.document].filter(Boolean);
  return field(
    word,
    el('p', {}, said.text),
    el('p', { class: 'muted' }, list([said.accepted ? t('accepted') : t('refused'), ...told]), said.refused ? `　${say(said.refused)}` : ''),
  );
}

function places(found) {
  if (!found.places.length) return null;
  return el(
    'details',
    { class: 'places' },
    el('summary', {}, t('also_at', { count: found.places.length })),
    table(
      [[t('cell'), 'place'], [t('label'), 'label'], [t('actual'), 'number'], [t('expected'), 'number'], [t('difference'), 'number']],
      found.places.map(one => [place(one.sheet, one.cell), one.label, amount(one.actual, one.unit), amount(one.expected, one.unit), amount(one.difference, one.unit)]),
    ),
  );
}

/** What follows from a finding, opened one by one. */
function consequences(i) {
  if (!F.follow[i]) return null;
  const items = [];
  for (let j = i + 1; j <= i + F.follow[i]; j++) {
    if (F.parent[j] !== i) continue;
    const body = el('div', {});
    items.push(
      el(
        'details',
        {
          class: 'consequence',
          on: {
            toggle: async event => {
              if (event.target === event.currentTarget && event.target.open && !body.firstChild) body.append(proof(j, await finding(j)));
            },
          },
        },
        el('summary', {}, severityMark(F.severity[j]), ' ', el('span', { class: 'where' }, placeOf(j)), ' ', message(j, language)),
        body,
      ),
    );
  }
  return el('section', { class: 'consequences' }, el('h4', {}, t('follows', { count: items.length })), items);
}

/** The proof tree: comparison, cells, cause, authority, and what follows. */
function proof(i, found) {
  const catalogue = (found.catalogue || []).join(', ');
  return el(
    'div',
    { class: 'proof' },
    comparison(found),
    operands(found, F.workbook[i]),
    el(
      'dl',
      { class: 'told' },
      found.cause ? field('cause', say(found.cause)) : null,
      found.reason ? field('reason', say(found.reason)) : null,
      found.remedy ? field('remedy', say(found.remedy)) : null,
      explanation(found.explanation),
      field('must_hold', say(found.title)),
      field('source', sourceLine(found.source)),
      field('rule', `${found.rule} ${found.name || ''}`, catalogue ? el('span', { class: 'muted' }, `　${t('catalogue', { ids: catalogue })}`) : null),
      field('id', el('code', {}, found.id), F.change[i] ? [' ', el('span', { class: 'change' }, t(['', 'new', 'still'][F.change[i]]))] : null),
    ),
    places(found),
    consequences(i),
  );
}

async function card(i) {
  const w = F.workbook[i];
  const found = await finding(i);
  const copyButton = button(t('copy_citation'), () => copy(citation(i, found), copyButton), { class: 'copy' });
  return el(
    'article',
    { class: 'finding', 'data-finding': i },
    el('div', { class: 'top' }, severityMark(F.severity[i]), F.waived[i] ? el('span', { class: 'mark waived' }, t('waived')) : null, el('span', { class: 'ruleid' }, found.rule), el('span', { class: 'grow' }), copyButton),
    el('h3', {}, message(i, language)),
    el(
      'p',
      { class: 'place' },
      button(unitName(W.unit[w]), () => open(`u${W.unit[w]}`), { class: 'link' }),
      el('span', { class: 'muted' }, ` ${fileName(W.path[w])} › `),
      el('b', {}, placeOf(i)),
      el('span', { class: 'muted' }, `　${D.strings[F.label[i]]}`),
    ),
    F.parent[i] >= 0
      ? el('p', { class: 'parent' }, t('follows_from'), ' ', button(message(F.parent[i], language), () => open(`f${F.parent[i]}`), { class: 'link' }))
      : null,
    proof(i, found),
  );
}

/** A line for a finding in a panel that shows several: opened in its place. */
function line(i) {
  const body = el('div', {});
  return el(
    'details',
    {
      class: 'line-finding',
      on: {
        toggle: async event => {
          if (event.target === event.currentTarget && event.target.open && !body.firstChild) body.append(await card(i));
        },
      },
    },
    el('summary', {}, severityMark(F.severity[i]), ' ', el('span', { class: 'where' }, placeOf(i)), ' ', message(i, language)),
    body,
  );
}

const MOST_LINES = 200;

function lines(found) {
  return [
    found.slice(0, MOST_LINES).map(line),
    found.length > MOST_LINES ? el('p', { class: 'muted' }, t('more', { count: count(found.length - MOST_LINES) })) : null,
  ];
}

async function cellPanel(unit, rule) {
  const found = [];
  for (const w of D.workbooksOf[unit]) for (let i = F.first[w]; i < F.first[w + 1]; i++) if (R.pass[i] && F.rule[i] === rule) found.push(i);
  const code = codeOf(unit, rule) || 'none';
  const reasons = new Set(D.workbooksOf[unit].flatMap(w => (why(w).get(rule) || []).map(both)));
  return [
    el('h2', {}, D.units[unit]),
    el('p', { class: 'muted' }, button(D.rules[rule].id, () => open(`r${rule}`), { class: 'link' }), ` ${ruleTitle(rule)}`),
    found.length === 1 ? await card(found[0]) : found.length ? lines(found) : el('p', { class: 'empty' }, t(`code_${code}`)),
    reasons.size ? el('ul', { class: 'reasons' }, [...reasons].map(reason => el('li', {}, reason))) : null,
  ];
}

async function rulePanel(r) {
  const rule = D.rules[r];
  const units = new Set();
  let total = 0;
  for (let i = 0; i < F.count; i++) {
    if (F.rule[i] !== r || !R.pass[i]) continue;
    units.add(W.unit[F.workbook[i]]);
    total++;
  }
  return [
    el('h2', {}, `${rule.id} ${ruleTitle(r)}`),
    el(
      'dl',
      { class: 'told' },
      field('rule', rule.name || ''),
      rule.remedy ? field('remedy', say(rule.remedy)) : null,
      rule.source ? field('source', sourceLine(rule.source)) : null,
      rule.catalogue && rule.catalogue.length ? field('catalogue_entries', rule.catalogue.join(', ')) : null,
      field('found', t('findings_in_units', { findings: count(total), units: count(units.size) })),
    ),
    button(t('only_this_rule'), () => change({ rule: rule.id, view: 'findings', open: '' }), { class: 'primary' }),
  ];
}

function claim(score) {
  const { full, claimed, low, high } = score.total;
  const range = low === null && high === null ? t('not_computed') : low === high ? digits(low) : `${digits(low)}–${digits(high)}`;
  return [say(score.title), digits(full) || '—', digits(claimed) || '—', range, score.grade ? score.grade.claimed : ''];
}

async function unitPanel(unit) {
  const books = D.workbooksOf[unit];
  const documents = await Promise.all(books.map(workbook));
  const found = [];
  for (const w of books) for (let i = F.first[w]; i < F.first[w + 1]; i++) if (R.pass[i] && F.parent[i] < 0) found.push(i);
  return [
    el('h2', {}, D.units[unit]),
    books.map((w, n) => bookSection(w, documents[n])),
    el('h3', {}, t('findings_count', { count: count(found.length) })),
    found.length ? lines(found) : el('p', { class: 'empty' }, R.filtered ? t('none_passes') : t('no_findings')),
  ];
}

/** Why rules did not answer in a workbook, each reason with the rules that it holds up. */
function reasonList(w) {
  const rules = new Map();
  for (const [rule, reasons] of why(w)) for (const reason of reasons.map(both)) rules.set(reason, [...(rules.get(reason) || []), rule]);
  return el(
    'ul',
    { class: 'reasons' },
    [...rules].map(([reason, held]) => el('li', {}, reason, ' ', held.map(rule => [button(D.rules[rule].id, () => open(`r${rule}`), { class: 'link' }), ' ']))),
  );
}

function bookSection(w, document) {
  const codes = { p: 0, i: 0, u: 0, b: 0, n: 0 };
  for (const code of profile(w).values()) codes[code]++;
  const applied = D.head.whole ? t('rules_applied', { p: codes.p, i: codes.i, u: codes.u, b: codes.b, n: codes.n }) : '';
  return el(
    'section',
    { class: 'book' },
    el('h3', {}, fileName(W.path[w])),
    el(
      'dl',
      { class: 'told' },
      field('file', el('span', { class: 'path' }, W.path[w])),
      field('status', el('span', { class: `status ${STATUSES[W.status[w]]}` }, t(STATUSES[W.status[w]]))),
      W.error[w] ? field('why_unread', both(W.error[w]), el('span', { class: 'muted' }, ` [${W.error[w][2]}]`)) : null,
      field('year', D.strings[W.year[w]] || '—'),
      field('pack', list(W.packs[w].map(pack => D.strings[pack])) || '—'),
      document.forms.length ? field('forms', el('ul', {}, document.forms.map(form => el('li', {}, form.form, el('span', { class: 'muted' }, ` ${form.sheet}!${form.range}`))))) : null,
      applied ? field('checks', applied) : null,
      why(w).size ? field('not_answered', reasonList(w)) : null,
      document.problems.length ? field('problems', el('ul', {}, document.problems.map(one => el('li', {}, say(one.message), one.sheet ? el('span', { class: 'muted' }, ` ${place(one.sheet, one.cell)}`) : null)))) : null,
      document.remarks.length ? field('remarks', el('ul', {}, document.remarks.map(one => el('li', {}, say(one.message))))) : null,
      field('sha256', el('code', { class: 'hash' }, document.sha256 || '—')),
    ),
    document.scores.length
      ? table([[t('scheme'), ''], [t('full'), 'number'], [t('claimed'), 'number'], [t('computed'), 'number'], [t('grade'), '']], document.scores.map(claim))
      : null,
    document.scores.filter(score => score.headline).map(score => el('p', { class: 'headline' }, say(score.headline))),
  );
}

const panel = { from: null, asked: 0 };

/** Show what an address names beside the lists: `f12` a finding, `u3` a unit, `c3.7` a cell of the matrix, `r7` a rule. */
async function showPanel(focus) {
  const aside = document.getElementById('panel');
  const asked = ++panel.asked;
  document.body.classList.toggle('with-panel', Boolean(S.open));
  aside.hidden = !S.open;
  if (!S.open) return;
  const [kind, rest] = [S.open[0], S.open.slice(1)];
  const [first, second] = rest.split('.').map(Number);
  const known = { f: first < F.count, u: first < D.units.length, r: first < D.rules.length, c: first < D.units.length && second < D.rules.length }[kind];
  const made = known ? await { f: card, u: unitPanel, r: rulePanel, c: cellPanel }[kind](first, second) : el('p', { class: 'empty' }, t('not_there'));
  if (asked !== panel.asked) return;
  const heading = el('div', { class: 'panel-head' }, button('✕', () => closePanel(), { class: 'close', 'aria-label': t('close'), title: `${t('close')} (Esc)` }));
  aside.replaceChildren(heading);
  add(aside, [made]);
  aside.scrollTop = 0;
  if (focus) aside.focus();
}

function open(what, focus = true) {
  if (!document.getElementById('panel').contains(document.activeElement)) panel.from = document.activeElement;
  change({ open: what }, { focus });
}

function closePanel() {
  const { from } = panel;
  change({ open: '' });
  if (from && from.isConnected) from.focus();
  else document.querySelector('main').focus();
}
