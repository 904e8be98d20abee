// Words, figures, elements. Every text goes in as text, never as HTML.

let language = 'zh';

function t(word, values) {
  const text = D.words[word][language === 'en' ? 1 : 0];
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)) : text;
}

/** A text in both languages, `{zh, en}` or `[zh, en]`. */
function say(text) {
  if (!text) return '';
  if (Array.isArray(text)) return text[language === 'en' ? 1 : 0];
  return text[language === 'en' ? 'en' : 'zh'];
}

/** Two numbers of strings: Chinese, English. */
const both = pair => D.strings[pair[language === 'en' ? 1 : 0]];
const count = number => number.toLocaleString('en-US');
const brackets = text => (language === 'en' ? ` (${text})` : `（${text}）`);
const list = items => items.join(language === 'en' ? ', ' : '、');

/** Plain digits in groups. Nothing is rounded but a quotient without end, which says so: no cell holds so many digits. */
function digits(text) {
  if (text === null || text === undefined || !/^-?[0-9]+(\.[0-9]+)?$/.test(text)) return text;
  if (text.replace(/\D/g, '').length > 15 && text.includes('.') && text.split('.')[1].length > 4) return `≈${digits(Number(text).toFixed(2))}`;
  const [whole, rest] = text.split('.');
  return whole.replace('-', '−').replace(/\B(?=(\d{3})+$)/g, ',') + (rest === undefined ? '' : '.' + rest);
}

function amount(text, unit) {
  if (text === null || text === undefined) return '';
  return unit === '%' ? digits(text) + '%' : unit ? `${digits(text)} ${unit}` : digits(text);
}

function element(namespace, tag, properties, children) {
  const made = namespace ? document.createElementNS(namespace, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (name === 'css') for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else made.setAttribute(name, value === true ? '' : value);
  }
  add(made, children);
  return made;
}

function add(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(parent, child);
    else parent.append(child instanceof Node ? child : String(child));
  }
}

const el = (tag, properties, ...children) => element('', tag, properties, children);
const svg = (tag, properties, ...children) => element('http://www.w3.org/2000/svg', tag, properties, children);
const button = (text, act, properties) => el('button', { type: 'button', on: { click: act }, ...properties }, text);

/** A unit by its name; a workbook that names none by its file. */
const unitName = unit => (D.nameless.has(unit) ? fileName(D.units[unit]) : D.units[unit]);

/** So many units, and so many workbooks that name none. */
function unitCount(units) {
  const nameless = units.filter(unit => D.nameless.has(unit)).length;
  const named = t('units_count', { count: count(units.length - nameless) });
  return nameless ? list([named, t('nameless_count', { count: count(nameless) })]) : named;
}

const fileName = path => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), path.lastIndexOf('!')) + 1);
const place = (sheet, cell) => (sheet && cell ? `${sheet}!${cell}` : sheet || cell);
const placeOf = i => place(D.strings[F.sheet[i]], D.strings[F.cell[i]]);
const ruleTitle = r => say(D.rules[r].title) || D.rules[r].name || D.rules[r].id;

function severityMark(severity) {
  return el('span', { class: `mark ${SEVERITIES[severity]}` }, t(SEVERITIES[severity]));
}

function table(headings, rows, properties) {
  return el(
    'table',
    properties,
    el('thead', {}, el('tr', {}, headings.map(([text, kind]) => el('th', { scope: 'col', class: kind }, text)))),
    el('tbody', {}, rows.map(row => el('tr', {}, row.map((cell, n) => el('td', { class: headings[n][1] }, cell))))),
  );
}

/** Tell a reader of the screen what happened. */
function announce(text) {
  document.getElementById('live').textContent = text;
}
