// Charts where people would rather look than read. Each has its figures as a table, and a sentence that says the same.

const MOST_BARS = 12;
const MOST_TABLE = 1000;

function figure(name, sentence, picture, headings, rows, extra) {
  const body = el('div', { class: 'picture' }, picture);
  const flip = button(t('as_table'), () => {
    const shown = flip.getAttribute('aria-pressed') === 'true';
    flip.setAttribute('aria-pressed', String(!shown));
    flip.textContent = t(shown ? 'as_table' : 'as_chart');
    const told = rows().slice(0, MOST_TABLE);
    body.replaceChildren(shown ? picture : el('div', { class: 'table-box', tabindex: 0 }, table(headings, told)));
  }, { class: 'flip', 'aria-pressed': 'false' });
  return el('figure', { class: `chart ${name}` }, el('figcaption', {}, el('h3', {}, t(name)), extra, flip), el('p', { class: 'sentence' }, sentence), body);
}

/** Bars in three severities; numbers stand beside them as text. */
function bars(entries, act) {
  const most = Math.max(1, ...entries.map(entry => entry.parts[0] + entry.parts[1] + entry.parts[2]));
  return el(
    'ol',
    { class: 'bars' },
    entries.map(entry =>
      el(
        'li',
        {},
        button(entry.name, () => act(entry), { class: 'link name', title: entry.title || entry.name }),
        el(
          'span',
          { class: 'bar', 'aria-hidden': 'true' },
          entry.parts.map((part, n) => (part ? el('span', { class: SEVERITIES[n], css: { width: `${(100 * part) / most}%` } }) : null)),
        ),
        el('span', { class: 'total', title: entry.told }, count(entry.parts[0] + entry.parts[1] + entry.parts[2])),
      ),
    ),
  );
}

function unitsChart() {
  const entries = R.units
    .map(unit => {
      const counts = countsOf(unit);
      return { unit, name: unitName(unit), title: D.units[unit], parts: [counts.error, counts.warning, counts.note], told: t('counts', counts) };
    })
    .filter(entry => entry.parts.some(Boolean))
    .sort((a, b) => b.parts[0] - a.parts[0] || b.parts[1] - a.parts[1] || b.parts[2] - a.parts[2] || a.unit - b.unit);
  const sentence = t('units_sentence', { units: count(entries.length), all: unitCount(R.units) });
  const headings = [[t('unit'), ''], [t('error'), 'number'], [t('warning'), 'number'], [t('note'), 'number']];
  const rows = () => entries.map(entry => [entry.title, ...entry.parts.map(count)]);
  return figure('chart_units', sentence, bars(entries.slice(0, MOST_BARS), entry => open(`u${entry.unit}`)), headings, rows);
}

function rulesChart() {
  const entries = D.rules.map((rule, r) => ({ r, name: `${rule.id} ${ruleTitle(r)}`, parts: [0, 0, 0], units: 0, last: -1 }));
  for (let i = 0; i < F.count; i++) {
    if (!R.pass[i] || F.waived[i]) continue;
    const entry = entries[F.rule[i]];
    entry.parts[F.severity[i]]++;
    if (entry.last !== W.unit[F.workbook[i]]) entry.units++;
    entry.last = W.unit[F.workbook[i]];
  }
  const found = entries.filter(entry => entry.units).sort((a, b) => b.units - a.units || a.r - b.r);
  found.forEach(entry => {
    const most = entry.parts.indexOf(Math.max(...entry.parts));
    entry.told = t('findings_in_units', { findings: count(entry.parts.reduce((a, b) => a + b)), units: count(entry.units) });
    entry.findings = entry.parts.reduce((a, b) => a + b);
    entry.parts = [0, 0, 0].map((zero, n) => (n === most ? entry.units : 0));
  });
  const headings = [[t('rule'), ''], [t('units'), 'number'], [t('findings'), 'number']];
  const rows = () => found.map(entry => [entry.name, count(entry.units), count(entry.findings)]);
  return figure('chart_rules', t('rules_sentence', { rules: count(found.length) }), bars(found.slice(0, MOST_BARS), entry => open(`r${entry.r}`)), headings, rows);
}

const WIDE = 680;
const HIGH = 262;
const EDGE = { left: 52, right: 14, top: 18, bottom: 36 };

function axes(xs, ys, x, y, xName, yName) {
  return [
    ys.map(value => [
      svg('line', { class: 'grid', x1: EDGE.left, x2: WIDE - EDGE.right, y1: y(value), y2: y(value) }),
      svg('text', { class: 'tick', x: EDGE.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, count(value)),
    ]),
    xs.map(([value, name]) => svg('text', { class: 'tick', x: x(value), y: HIGH - EDGE.bottom + 15, 'text-anchor': 'middle' }, name)),
    svg('text', { class: 'axis', x: (EDGE.left + WIDE - EDGE.right) / 2, y: HIGH - 3, 'text-anchor': 'middle' }, xName),
    yName ? svg('text', { class: 'axis', x: 12, y: (HIGH - EDGE.bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 12 ${(HIGH - EDGE.bottom) / 2})` }, yName) : null,
  ];
}

/** Claimed marks against computed ones, both in hundredths of full marks, so that standards of other size fit in. */
function scoresChart() {
  const { workbook: of, claimed, low, high, full, title } = D.scores;
  const points = [];
  for (let s = 0; s < of.length; s++) {
    if (!R.books[of[s]] || claimed[s] === null || high[s] === null || low[s] === null || !Number(full[s])) continue;
    const part = 100 / Number(full[s]);
    const middle = ((Number(low[s]) + Number(high[s])) / 2) * part;
    const above = Number(claimed[s]) - Number(high[s]);
    const below = Number(low[s]) - Number(claimed[s]);
    points.push({ s, x: Number(claimed[s]) * part, y: middle, kind: above > 0 ? 'above' : below > 0 ? 'below' : 'within', gap: above });
  }
  const too = points.filter(point => point.kind === 'above');
  const extra = [
    el('span', { class: 'key above' }, `✕ ${t('above')}`), el('span', { class: 'key within' }, `● ${t('within')}`), el('span', { class: 'key below' }, `△ ${t('below')}`),
  ];
  const sentence = points.length ? t('scores_sentence', { count: count(points.length), above: count(too.length) }) : t('no_scores');
  if (!points.length) return el('figure', { class: 'chart chart_scores' }, el('figcaption', {}, el('h3', {}, t('chart_scores'))), el('p', { class: 'empty' }, sentence));
  const least = Math.max(0, Math.min(90, Math.floor(Math.min(...lowest(points)) / 10) * 10));
  const x = value => EDGE.left + ((Math.max(least, Math.min(100, value)) - least) / (100 - least)) * (WIDE - EDGE.left - EDGE.right);
  const y = value => HIGH - EDGE.bottom - ((Math.max(least, Math.min(100, value)) - least) / (100 - least)) * (HIGH - EDGE.top - EDGE.bottom);
  const steps = [];
  for (let value = least; value <= 100; value += 100 - least > 50 ? 20 : 10) steps.push(value);
  const ground = svg(
    'svg',
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'img', 'aria-label': sentence },
    axes(steps.map(value => [value, value]), steps, x, y, t('claimed_axis'), t('computed_axis')),
    svg('line', { class: 'diagonal', x1: x(least), y1: y(least), x2: x(100), y2: y(100) }),
  );
  const cloud = el('canvas', { 'aria-hidden': 'true' });
  const box = el('div', { class: 'scatter', title: '' }, ground, cloud);
  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    const scale = box.clientWidth / WIDE;
    if (!scale) return;
    cloud.width = WIDE * scale * ratio;
    cloud.height = HIGH * scale * ratio;
    const pen = cloud.getContext('2d');
    pen.scale(scale * ratio, scale * ratio);
    const style = getComputedStyle(document.documentElement);
    pen.globalAlpha = points.length > 2000 ? 0.35 : points.length > 200 ? 0.6 : 0.9;
    pen.lineWidth = 1.6;
    for (const point of points) {
      const colour = { above: '--error', within: '--note', below: '--warning-ink' }[point.kind];
      pen.strokeStyle = pen.fillStyle = style.getPropertyValue(colour);
      const [a, b] = [x(point.x), y(point.y)];
      pen.beginPath();
      if (point.kind === 'above') {
        pen.moveTo(a - 3, b - 3); pen.lineTo(a + 3, b + 3); pen.moveTo(a + 3, b - 3); pen.lineTo(a - 3, b + 3); pen.stroke();
      } else if (point.kind === 'below') {
        pen.moveTo(a, b - 3.5); pen.lineTo(a + 3.5, b + 3); pen.lineTo(a - 3.5, b + 3); pen.closePath(); pen.stroke();
      } else {
        pen.arc(a, b, 2.6, 0, 7); pen.fill();
      }
    }
  };
  const near = event => {
    const bounds = box.getBoundingClientRect();
    const [a, b] = [((event.clientX - bounds.left) / bounds.width) * WIDE, ((event.clientY - bounds.top) / bounds.height) * HIGH];
    let best = null;
    let closest = 64;
    for (const point of points) {
      const distance = (x(point.x) - a) ** 2 + (y(point.y) - b) ** 2;
      if (distance < closest) [best, closest] = [point, distance];
    }
    return best;
  };
  const range = s => (low[s] === high[s] ? digits(low[s]) : `${digits(low[s])}–${digits(high[s])}`);
  box.addEventListener('mousemove', event => {
    const point = near(event);
    box.style.cursor = point ? 'pointer' : '';
    box.title = point ? `${D.units[W.unit[of[point.s]]]}　${t('claimed')} ${digits(claimed[point.s])}　${t('computed')} ${range(point.s)}` : '';
  });
  box.addEventListener('click', event => {
    const point = near(event);
    if (point) open(`u${W.unit[of[point.s]]}`);
  });
  new ResizeObserver(draw).observe(box);
  const headings = [[t('unit'), ''], [t('scheme'), ''], [t('full'), 'number'], [t('claimed'), 'number'], [t('computed'), 'number'], [t('excess'), 'number']];
  const rows = () =>
    [...points].sort((a, b) => b.gap - a.gap || a.s - b.s).map(({ s }) => [
      D.units[W.unit[of[s]]], both(title[s]), digits(full[s]), digits(claimed[s]), range(s), excess(s) ? digits(String(Number(excess(s).toFixed(6)))) : '',
    ]);
  return figure('chart_scores', sentence, box, headings, rows, extra);
}

function* lowest(points) {
  let x = 100;
  let y = 100;
  for (const point of points) {
    x = Math.min(x, point.x);
    y = Math.min(y, point.y);
  }
  yield x;
  yield y;
}

/** Rates in steps of five; exactly 100% has a bar of its own, because that is where they heap. */
function ratesChart() {
  const at = Math.min(Number(S.rate) || 0, Math.max(0, D.rates.length - 1));
  const rate = D.rates[at];
  if (!rate) return el('figure', { class: 'chart chart_rates' }, el('figcaption', {}, el('h3', {}, t('chart_rates'))), el('p', { class: 'empty' }, t('no_rates')));
  const bins = [{ name: '<0', from: -Infinity, count: 0 }];
  for (let from = 0; from < 100; from += 5) bins.push({ name: `${from}–${from + 5}`, from, count: 0 });
  bins.push({ name: '100', from: 100, count: 0 }, { name: '>100', from: Infinity, count: 0 });
  let total = 0;
  rate.workbook.forEach((w, n) => {
    if (!R.books[w]) return;
    const value = Number(rate.value[n]);
    const bin = value < 0 ? 0 : value < 100 ? 1 + Math.floor(value / 5) : value === 100 ? 21 : 22;
    bins[bin].count++;
    total++;
  });
  if (!bins[0].count) bins.shift();
  const most = Math.max(1, ...bins.map(bin => bin.count));
  const top = nice(most);
  const wide = (WIDE - EDGE.left - EDGE.right) / bins.length;
  const x = n => EDGE.left + (n + 0.5) * wide;
  const y = value => HIGH - EDGE.bottom - (value / top) * (HIGH - EDGE.top - EDGE.bottom);
  const full = bins[bins.length - 2].count;
  const over = bins[bins.length - 1].count;
  const sentence = t('rates_sentence', { count: count(total), full: count(full), over: count(over) });
  const marks = bins.map((bin, n) => [n, bin.name.includes('–') ? (bin.from % 20 ? '' : `${bin.from}`) : bin.name]);
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'img', 'aria-label': sentence },
    axes(marks, [0, top / 2, top].filter(Number.isInteger), x, y, t('rate_axis'), t('workbooks')),
    bins.map((bin, n) =>
      svg('rect', { class: n >= bins.length - 2 ? 'rate special' : 'rate', x: x(n) - wide / 2 + 1, width: wide - 2, y: y(bin.count), height: Math.max(0, y(0) - y(bin.count)) }, svg('title', {}, `${bin.name}%: ${count(bin.count)}`)),
    ),
    bins.map((bin, n) => (bin.count && bins.length ? svg('text', { class: 'value', x: x(n), y: y(bin.count) - 3, 'text-anchor': 'middle' }, bin.count > 9999 ? `${Math.round(bin.count / 1000)}k` : bin.count) : null)),
  );
  const choice = el('select', { 'aria-label': t('chart_rates'), on: { change: event => change({ rate: event.target.value }) } }, D.rates.map((one, n) => el('option', { value: n }, `${one.form} · ${one.column}`)));
  choice.value = String(at);
  return figure('chart_rates', sentence, picture, [[t('rate_axis'), 'number'], [t('workbooks'), 'number']], () => bins.map(bin => [bin.name, count(bin.count)]), choice);
}

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value);
}
