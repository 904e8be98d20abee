// What is asked for, kept in the address so that a view can be passed on; and what answers it.

const DEFAULTS = {
  view: 'overview', q: '', sev: 'ewn', status: '', pack: '', year: '', rule: '', unit: '', change: '', only: '', all: '',
  sort: 'severity', rows: 'errors', columns: 'count', rate: '0', open: '', lang: '',
};
const FILTERS = ['q', 'sev', 'status', 'pack', 'year', 'rule', 'unit', 'change', 'only'];
const GONE = ['solved', 'unchecked'];
const VIEWS = ['overview', 'matrix', 'findings', 'gaps'];

const S = { ...DEFAULTS };
/** What passes the filters: `pass` of every finding, `shown` findings in order, `units`, `books`. */
let R = {};

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(DEFAULTS)) S[name] = given.has(name) ? given.get(name) : DEFAULTS[name];
  if (!VIEWS.includes(S.view)) S.view = DEFAULTS.view;
  language = S.lang === 'en' || (S.lang === '' && D.language === 'en') ? 'en' : 'zh';
}

function writeAddress(again) {
  const given = new URLSearchParams();
  for (const name of Object.keys(DEFAULTS)) if (S[name] !== DEFAULTS[name]) given.set(name, S[name]);
  const address = '#' + given.toString();
  if (address === location.hash || (address === '#' && !location.hash)) return;
  history[again ? 'replaceState' : 'pushState'](null, '', address);
}

const plainFigures = text => text.replace(/(\d),(?=\d{3})/g, '$1');
const folded = text => plainFigures(text.normalize('NFKC').toLowerCase());
const hay = { book: [], rule: [], string: [] };
const inBook = w => (hay.book[w] = hay.book[w] || folded(`${D.units[W.unit[w]]} ${W.path[w]}`));
const inString = n => (hay.string[n] = hay.string[n] || folded(D.strings[n]));

function inRule(r) {
  const rule = D.rules[r];
  return (hay.rule[r] = hay.rule[r] || folded([rule.id, rule.name, ...(rule.title ? Object.values(rule.title) : [])].join(' ')));
}

/** Whether one word of a search is in a finding. Messages without figures are looked at once for all that share them. */
function says(i, term, seen) {
  if (inRule(F.rule[i]).includes(term) || inString(F.label[i]).includes(term)) return true;
  if (inString(F.sheet[i]).includes(term)) return true;
  if (/\d/.test(term) || !F.figures[i]) {
    return folded(placeOf(i)).includes(term) || folded(message(i, 'zh')).includes(term) || folded(message(i, 'en')).includes(term);
  }
  for (const text of [F.zh[i], F.en[i]]) {
    let found = seen.get(text);
    if (found === undefined) seen.set(text, (found = inString(text).includes(term)));
    if (found) return true;
  }
  return false;
}

/** Apply the filters. Without a filter on findings every unit stays; with one, only those that have such findings. */
function apply() {
  const terms = folded(S.q).split(/\s+/).filter(Boolean);
  const unit = folded(S.unit);
  const books = new Uint8Array(W.count);
  for (let w = 0; w < W.count; w++) {
    books[w] = Number(
      (!S.year || D.strings[W.year[w]] === S.year) &&
        (!S.pack || W.packs[w].some(pack => D.strings[pack] === S.pack)) &&
        (S.only !== 'unread' || W.status[w] > 0) &&
        (!unit || inBook(w).includes(unit)),
    );
  }
  const severities = SEVERITIES.map(name => S.sev.includes(name[0]));
  const rule = S.rule ? D.rules.findIndex(one => one.id === S.rule) : -1;
  const change = { new: 1, still: 2 }[S.change];
  const narrowed = S.sev !== DEFAULTS.sev || S.status || S.rule || S.change;
  const pass = new Uint8Array(F.count);
  const has = new Uint8Array(W.count);
  const seen = terms.map(() => new Map());
  let total = 0;
  for (let w = 0; w < W.count; w++) {
    if (!books[w]) continue;
    const left = terms.map((term, n) => n).filter(n => !inBook(w).includes(terms[n]));
    for (let i = F.first[w]; i < F.first[w + 1]; i++) {
      if (!severities[F.severity[i]] || (S.rule && F.rule[i] !== rule)) continue;
      if (S.status && F.waived[i] !== Number(S.status === 'waived')) continue;
      if (S.change && F.change[i] !== change) continue;
      if (!left.every(n => says(i, terms[n], seen[n]))) continue;
      pass[i] = has[w] = 1;
      total++;
    }
    if (!has[w] && (narrowed || left.length)) books[w] = 0;
  }
  const units = [...new Set(W.unit.filter((_, w) => books[w]))];
  const bookCount = books.reduce((sum, one) => sum + one, 0);
  R = { pass, books, bookCount, units, total, filtered: FILTERS.some(name => S[name] !== DEFAULTS[name]) };
  R.gone = GONE.includes(S.change) ? D.gone.filter(one => one.change === S.change && (!unit || folded(one.unit + one.source).includes(unit))) : [];
  order();
}

/** The findings of the list. One that follows from another stands under it, unless it alone was asked for. */
function order() {
  const found = [];
  let below = 0;
  for (let i = 0; i < F.count; i++) {
    if (!R.pass[i]) continue;
    if (S.all || F.parent[i] < 0) found.push(i);
    else if (!R.pass[topOf(i)]) found.push(i);
    else below++;
  }
  const by = {
    report: null,
    severity: (a, b) => F.waived[a] - F.waived[b] || F.severity[a] - F.severity[b] || F.amount[b] - F.amount[a] || F.marks[b] - F.marks[a],
    amount: (a, b) => F.amount[b] - F.amount[a],
    marks: (a, b) => F.marks[b] - F.marks[a],
    count: (a, b) => F.follow[b] + F.places[b] - F.follow[a] - F.places[a],
  }[S.sort];
  if (by) found.sort((a, b) => by(a, b) || a - b);
  R.shown = found;
  R.below = below;
}

function topOf(i) {
  while (F.parent[i] >= 0) i = F.parent[i];
  return i;
}

/** Findings of a unit that pass: by rule, how many and how grave. */
function cellsOf(unit) {
  const cells = new Map();
  for (const w of D.workbooksOf[unit]) {
    if (!R.books[w]) continue;
    for (let i = F.first[w]; i < F.first[w + 1]; i++) {
      if (!R.pass[i]) continue;
      let cell = cells.get(F.rule[i]);
      if (!cell) cells.set(F.rule[i], (cell = { count: 0, severity: 2, waived: true }));
      cell.count++;
      if (!F.waived[i]) {
        cell.severity = cell.waived ? F.severity[i] : Math.min(cell.severity, F.severity[i]);
        cell.waived = false;
      }
    }
  }
  return cells;
}

const WORST = 'biupn';

/** Whether all that a unit filed could not be read: then nothing was checked, and nothing can be said. */
const allUnread = unit => D.workbooksOf[unit].every(w => W.status[w] === 2);

/** What a rule came to in the workbooks of a unit: the worst letter (`r`: a file was not read), or nothing where it
 * concerned none. */
function codeOf(unit, rule) {
  let worst = 9;
  for (const w of D.workbooksOf[unit]) {
    const code = profile(w).get(rule);
    if (code !== undefined) worst = Math.min(worst, WORST.indexOf(code));
  }
  // What a file that was not read would have said, nobody knows.
  if (worst === 9 && D.workbooksOf[unit].some(w => W.status[w] === 2)) return 'r';
  return WORST[worst] || '';
}

/** Counts of a unit over its workbooks that pass: causes only, as in the verdict. */
function countsOf(unit) {
  const counts = { error: 0, warning: 0, note: 0, waived: 0, total: 0, amount: 0, marks: 0, unread: 0 };
  for (const w of D.workbooksOf[unit]) {
    if (!R.books[w]) continue;
    if (W.status[w]) counts.unread++;
    for (let i = F.first[w]; i < F.first[w + 1]; i++) {
      if (!R.pass[i]) continue;
      counts.amount = Math.max(counts.amount, F.amount[i]);
      if (F.parent[i] >= 0) continue;
      counts.total++;
      counts[F.waived[i] ? 'waived' : SEVERITIES[F.severity[i]]]++;
    }
    for (const s of D.scoresOf.get(w) || []) counts.marks = Math.max(counts.marks, excess(s));
  }
  return counts;
}

/** Marks claimed beyond what the figures allow. */
function excess(s) {
  const { claimed, high } = D.scores;
  return claimed[s] === null || high[s] === null ? 0 : Math.max(0, Number(claimed[s]) - Number(high[s]));
}
