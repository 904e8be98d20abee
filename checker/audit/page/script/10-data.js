// What the page holds, and how it is read. Documents stay packed until somebody opens them.

const SEVERITIES = ['error', 'warning', 'note'];
const STATUSES = ['checked', 'partly', 'unread'];
const PIECES_KEPT = 24;

/** The index: workbooks `W`, findings `F` (columns), rules, units, strings. Filled by `load`. */
let D, W, F;

async function unpack(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

async function load() {
  const element = document.getElementById('index');
  D = await unpack(element.textContent);
  element.remove();
  W = D.workbooks;
  F = D.findings;
  W.count = W.path.length;
  F.count = F.rule.length;
  for (const name of ['workbook', 'rule', 'parent', 'sheet', 'cell', 'label', 'unit', 'zh', 'en', 'piece', 'place'])
    F[name] = Int32Array.from(F[name]);
  for (const name of ['severity', 'waived', 'change']) F[name] = Uint8Array.from(F[name]);
  // Findings stand in the order of their workbooks, each before what follows from it.
  F.follow = new Int32Array(F.count);
  F.first = new Int32Array(W.count + 1);
  F.amount = new Float64Array(F.count);
  F.marks = new Float64Array(F.count);
  for (let i = F.count - 1; i >= 0; i--) {
    if (F.parent[i] >= 0) F.follow[F.parent[i]] += 1 + F.follow[i];
    F.first[F.workbook[i]]++;
    const factor = D.factors[D.strings[F.unit[i]]];
    const size = F.difference[i] === null || !factor ? -1 : Math.abs(Number(F.difference[i])) * Number(factor[1]);
    F.amount[i] = factor && factor[0] === 'money' ? size : -1;
    F.marks[i] = factor && factor[0] === 'score' ? size : -1;
  }
  for (let w = 0, start = 0; w <= W.count; w++) {
    const size = F.first[w];
    F.first[w] = start;
    start += size;
  }
  D.workbooksOf = D.units.map(() => []);
  W.unit.forEach((unit, w) => D.workbooksOf[unit].push(w));
  D.nameless = new Set(D.nameless);
  D.scoresOf = new Map();
  D.scores.workbook.forEach((w, s) => D.scoresOf.set(w, [...(D.scoresOf.get(w) || []), s]));
}

/** A message: its text with the figures put back. */
function message(i, language) {
  const text = D.strings[language === 'en' ? F.en[i] : F.zh[i]];
  if (!F.figures[i]) return text;
  const [zh, en] = F.figures[i].split('|');
  const figures = (language === 'en' && en !== undefined ? en : zh).split(' ');
  let n = 0;
  return figures[0] ? text.replace(/\0/g, () => figures[n++]) : text;
}

const profiles = new Map();

/** What each rule came to in a workbook: rule number → letter. */
function profile(w) {
  const id = W.profile[w];
  let found = profiles.get(id);
  if (!found) {
    found = new Map();
    if (D.profiles[id]) for (const entry of D.profiles[id].split(' ')) found.set(parseInt(entry, 10), entry.slice(-1));
    profiles.set(id, found);
  }
  return found;
}

const whys = new Map();

/** Why rules did not answer in a workbook: rule number → reasons, each in both languages. */
function why(w) {
  const id = W.reasons[w];
  if (!whys.has(id)) whys.set(id, new Map(D.reasons[id]));
  return whys.get(id);
}

const opened = new Map();

async function piece(number) {
  if (opened.has(number)) return opened.get(number);
  let element = document.getElementById(`piece-${number}`);
  if (!element && document.readyState === 'loading') {
    await new Promise(done => document.addEventListener('DOMContentLoaded', done, { once: true }));
    element = document.getElementById(`piece-${number}`);
  }
  const documents = unpack(element.textContent);
  opened.set(number, documents);
  if (opened.size > PIECES_KEPT) opened.delete(opened.keys().next().value);
  return documents;
}

/** The whole finding; what its rule always says is taken from the rule. */
async function finding(i) {
  const document = (await piece(F.piece[i]))[F.place[i]];
  return { ...D.rules[F.rule[i]], rule: D.rules[F.rule[i]].id, ...document };
}

async function workbook(w) {
  return (await piece(W.piece[w]))[W.place[w]];
}
