// Units × rules. A cell says how many findings and how grave; an empty one says whether the rule was applied at all.

const CELL = 26;
const ROW = 26;
const NAME = 300;
const HEAD = 92;
const OVERSCAN = 8;

class Matrix {
  constructor(open) {
    this.open = open;
    this.at = [0, 0];
    this.rows = new Map();
    this.columnNames = el('div', { class: 'columns', role: 'row', 'aria-rowindex': 1 });
    this.corner = el('div', { class: 'corner' });
    this.body = el('div', { class: 'body', role: 'presentation' });
    this.sheet = el('div', { class: 'sheet', role: 'presentation' }, el('div', { class: 'heading', role: 'presentation' }, this.corner, this.columnNames), this.body);
    this.element = el(
      'div',
      {
        class: 'matrix', role: 'grid', tabindex: 0, 'aria-label': t('matrix'), 'aria-readonly': 'true',
        on: { scroll: () => this.draw(), keydown: e => this.key(e), click: e => this.click(e) },
      },
      this.sheet,
    );
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show() {
    const counts = new Map(R.units.map(unit => [unit, countsOf(unit)]));
    const by = {
      errors: (a, b) => b.error - a.error || b.warning - a.warning || b.total - a.total,
      count: (a, b) => b.total - a.total,
      amount: (a, b) => b.amount - a.amount,
      marks: (a, b) => b.marks - a.marks,
      name: null,
    }[S.rows];
    const name = (a, b) => (D.units[a] < D.units[b] ? -1 : D.units[a] > D.units[b] ? 1 : a - b);
    this.units = [...R.units].sort((a, b) => (by && by(counts.get(a), counts.get(b))) || name(a, b));
    this.counts = counts;
    const used = new Map();
    for (let i = 0, last = -1; i < F.count; i++) {
      if (!R.pass[i]) continue;
      const key = F.rule[i];
      const unit = W.unit[F.workbook[i]];
      const entry = used.get(key) || [0, -1];
      if (entry[1] !== unit) entry[0]++;
      entry[1] = unit;
      used.set(key, entry);
    }
    if (S.columns === 'all') for (const unit of R.units) for (const w of D.workbooksOf[unit]) for (const rule of profile(w).keys()) if (!used.has(rule)) used.set(rule, [0, -1]);
    // Rules of one pack stand together: a workbook is checked by one, so its cells do too.
    const packs = new Map();
    for (const [r, [units]] of used) packs.set(D.rules[r].pack, (packs.get(D.rules[r].pack) || 0) + units);
    const id = r => D.rules[r].id;
    const pack = r => packs.get(D.rules[r].pack);
    const order = (a, b) => (S.columns === 'count' && (pack(b) - pack(a) || used.get(b)[0] - used.get(a)[0])) || (id(a) < id(b) ? -1 : 1);
    this.rules = [...used.keys()].sort(order);
    this.at = [Math.min(this.at[0], Math.max(0, this.units.length - 1)), Math.min(this.at[1], Math.max(0, this.rules.length - 1))];
    this.element.setAttribute('aria-rowcount', this.units.length + 1);
    this.element.setAttribute('aria-colcount', this.rules.length + 1);
    this.sheet.style.width = `${NAME + this.rules.length * CELL + 40}px`;
    this.body.style.height = `${this.units.length * ROW}px`;
    this.corner.replaceChildren(el('span', {}, t('units_by_rules', { units: unitCount(this.units), rules: count(this.rules.length) })));
    this.clear();
    this.draw();
  }

  clear() {
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.left = -1;
  }

  draw() {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.element;
    if (!clientHeight || !this.units) return;
    const left = Math.max(0, Math.floor(scrollLeft / CELL) - OVERSCAN);
    const right = Math.min(this.rules.length, Math.ceil((scrollLeft + clientWidth - NAME) / CELL) + OVERSCAN);
    // Columns move by blocks, so that a short way sideways makes nothing anew.
    const from = left - (left % OVERSCAN);
    if (from !== this.left || right > this.right) {
      for (const row of this.rows.values()) row.remove();
      this.rows.clear();
      this.left = from;
      this.right = Math.min(this.rules.length, right + OVERSCAN);
      this.heads();
    }
    const top = Math.max(0, Math.floor((scrollTop - HEAD) / ROW) - OVERSCAN);
    const bottom = Math.min(this.units.length, Math.ceil((scrollTop + clientHeight) / ROW) + OVERSCAN);
    for (const [n, row] of this.rows) {
      if (n < top || n >= bottom) {
        row.remove();
        this.rows.delete(n);
      }
    }
    for (let n = top; n < bottom; n++) {
      if (this.rows.has(n)) continue;
      const row = this.row(n);
      this.rows.set(n, row);
      this.body.append(row);
    }
    this.mark();
  }

  heads() {
    const heads = [];
    for (let c = this.left; c < this.right; c++) {
      const rule = D.rules[this.rules[c]];
      heads.push(
        el(
          'button',
          {
            type: 'button', class: 'head', role: 'columnheader', tabindex: -1, 'aria-colindex': c + 2, title: `${rule.id} ${ruleTitle(this.rules[c])}`,
            'data-rule': this.rules[c], css: { left: `${NAME + c * CELL}px` },
          },
          el('span', {}, rule.id),
        ),
      );
    }
    this.columnNames.replaceChildren(...heads);
  }

  row(n) {
    const unit = this.units[n];
    const counts = this.counts.get(unit);
    const cells = cellsOf(unit);
    const row = el(
      'div',
      { class: 'line', role: 'row', 'aria-rowindex': n + 2, css: { top: `${n * ROW}px` } },
      el(
        'button',
        { type: 'button', class: 'unit', role: 'rowheader', tabindex: -1, 'data-unit': unit, title: D.units[unit] },
        el('span', { class: D.nameless.has(unit) ? 'name nameless' : 'name' }, unitName(unit)),
        counts.unread ? el('span', { class: 'gap', title: t('partly_unread') }, '!') : null,
        el('span', { class: 'n error' }, counts.error || ''),
        el('span', { class: 'n warning' }, counts.warning || ''),
      ),
    );
    if (allUnread(unit)) {
      row.classList.add('unread');
      row.append(el('span', { class: 'why' }, t('unread')));
      return row;
    }
    for (let c = this.left; c < this.right; c++) {
      const rule = this.rules[c];
      const found = cells.get(rule);
      const code = found ? '' : codeOf(unit, rule);
      if (!found && !code) continue;
      const kind = found ? (found.waived ? 'waived' : SEVERITIES[found.severity] + (found.count > 9 ? ' many' : found.count > 2 ? ' some' : '')) : `code-${code}`;
      row.append(
        el(
          'div',
          {
            class: `cell ${kind}`, role: 'gridcell', id: `cell-${n}-${c}`, 'aria-colindex': c + 2, 'aria-label': this.told(unit, rule, found, code),
            'data-cell': `${n}.${c}`, css: { left: `${NAME + c * CELL}px` },
          },
          found ? (found.count > 99 ? '99+' : found.count) : { p: '·', i: '?', u: '≈', b: '!', n: '', r: '' }[code],
        ),
      );
    }
    return row;
  }

  told(unit, rule, found, code) {
    const what = found ? `${found.waived ? t('waived') : t(SEVERITIES[found.severity])} ${found.count}` : t(`code_${code || 'none'}`);
    return `${D.units[unit]} ${D.rules[rule].id} ${what}`;
  }

  mark() {
    const old = this.element.querySelector('.at');
    if (old) old.classList.remove('at');
    const [n, c] = this.at;
    const row = this.rows.get(n);
    let cell = document.getElementById(`cell-${n}-${c}`);
    if (!cell && row && c >= this.left && c < this.right) {
      const unit = this.units[n];
      cell = el('div', {
        class: 'cell', role: 'gridcell', id: `cell-${n}-${c}`, 'aria-colindex': c + 2, 'aria-label': this.told(unit, this.rules[c], null, codeOf(unit, this.rules[c])),
        'data-cell': `${n}.${c}`, css: { left: `${NAME + c * CELL}px` },
      });
      row.append(cell);
    }
    if (cell) {
      cell.classList.add('at');
      this.element.setAttribute('aria-activedescendant', cell.id);
    } else this.element.removeAttribute('aria-activedescendant');
  }

  go(n, c) {
    this.at = [Math.max(0, Math.min(this.units.length - 1, n)), Math.max(0, Math.min(this.rules.length - 1, c))];
    const { element } = this;
    const top = this.at[0] * ROW;
    const left = this.at[1] * CELL;
    const high = element.clientHeight - HEAD - ROW;
    const wide = element.clientWidth - NAME - CELL;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + high) element.scrollTop = top - high;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (left > element.scrollLeft + wide) element.scrollLeft = left - wide;
    this.draw();
  }

  click(event) {
    const target = event.target.closest('[data-cell],[data-unit],[data-rule]');
    if (!target) return;
    const { cell, unit, rule } = target.dataset;
    if (unit !== undefined) return this.open(`u${unit}`, false);
    if (rule !== undefined) return this.open(`r${rule}`, false);
    this.at = cell.split('.').map(Number);
    this.mark();
    this.enter(false);
  }

  enter(focus) {
    const [n, c] = this.at;
    if (n < this.units.length && c < this.rules.length) this.open(`c${this.units[n]}.${this.rules[c]}`, focus);
  }

  key(event) {
    if (event.target !== this.element) return;
    const [n, c] = this.at;
    const page = Math.max(1, Math.floor((this.element.clientHeight - HEAD) / ROW) - 1);
    const to = {
      ArrowDown: [n + 1, c], ArrowUp: [n - 1, c], ArrowRight: [n, c + 1], ArrowLeft: [n, c - 1],
      PageDown: [n + page, c], PageUp: [n - page, c], Home: [event.ctrlKey ? 0 : n, 0], End: [event.ctrlKey ? Infinity : n, Infinity],
    }[event.key];
    if (to) this.go(...to);
    else if (event.key === 'Enter' || event.key === ' ') {
      if (event.shiftKey) this.open(`u${this.units[n]}`, true);
      else this.enter(true);
    } else return;
    event.preventDefault();
  }
}
