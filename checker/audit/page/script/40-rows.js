// Long lists: only what is in sight exists. Rows are chosen with the arrow keys; the list is one stop of the tab key.

/** No browser lays out more than some 33 million pixels; beyond, the bar of the list stands for more than it shows. */
const TALLEST = 16e6;

class Rows {
  /** `render(n)` makes the contents of a row, `open(n, focus)` shows it whole; `chosen` is called as rows are passed. */
  constructor({ label, height, render, open, chosen }) {
    Object.assign(this, { height, render, open, chosen });
    this.count = 0;
    this.at = -1;
    this.made = new Map();
    this.space = el('div', { class: 'space', role: 'presentation' });
    this.name = `rows${++Rows.number}`;
    this.element = el(
      'div',
      { class: 'rows', role: 'listbox', tabindex: 0, 'aria-label': label, on: { scroll: () => this.draw(), keydown: e => this.key(e) } },
      this.space,
    );
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  show(total, at = -1) {
    this.count = total;
    this.at = at < total ? at : -1;
    this.tall = Math.min(total * this.height, TALLEST);
    this.space.style.height = `${this.tall}px`;
    this.clear();
    if (this.at >= 0) this.reveal();
    this.draw();
  }

  clear() {
    for (const row of this.made.values()) row.remove();
    this.made.clear();
  }

  /** The distance from the top of the list to the top of what is seen, as if nothing were squeezed. */
  get offset() {
    const { scrollTop, clientHeight } = this.element;
    const whole = this.count * this.height;
    return whole <= TALLEST ? scrollTop : (scrollTop / Math.max(1, this.tall - clientHeight)) * (whole - clientHeight);
  }

  draw() {
    const { clientHeight, scrollTop } = this.element;
    if (!clientHeight) return;
    const offset = this.offset;
    const first = Math.max(0, Math.floor(offset / this.height) - 6);
    const last = Math.min(this.count, Math.ceil((offset + clientHeight) / this.height) + 6);
    for (const [n, row] of this.made) {
      if (n < first || n >= last) {
        row.remove();
        this.made.delete(n);
      }
    }
    for (let n = first; n < last; n++) {
      let row = this.made.get(n);
      if (!row) {
        row = el(
          'div',
          {
            class: 'row', role: 'option', id: `${this.name}-${n}`, 'aria-posinset': n + 1, 'aria-setsize': this.count,
            on: { click: () => this.choose(n, true) },
          },
          this.render(n),
        );
        row.style.height = `${this.height}px`;
        this.made.set(n, row);
        this.space.append(row);
      }
      row.style.transform = `translateY(${n * this.height - offset + scrollTop}px)`;
      row.setAttribute('aria-selected', String(n === this.at));
    }
    if (this.made.has(this.at)) this.element.setAttribute('aria-activedescendant', `${this.name}-${this.at}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  reveal() {
    const { clientHeight } = this.element;
    const whole = this.count * this.height;
    const top = this.at * this.height;
    let offset = this.offset;
    if (top < offset) offset = top;
    else if (top + this.height > offset + clientHeight) offset = top + this.height - clientHeight;
    else return;
    this.element.scrollTop = whole <= TALLEST ? offset : (offset / (whole - clientHeight)) * (this.tall - clientHeight);
  }

  choose(n, whole) {
    if (!this.count) return;
    this.at = Math.max(0, Math.min(this.count - 1, n));
    this.reveal();
    this.draw();
    if (whole) this.open(this.at, false);
    else if (this.chosen) this.chosen(this.at);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.height) - 1);
    const to = {
      ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + page, PageUp: this.at - page, Home: 0, End: this.count - 1,
    }[event.key];
    if (to !== undefined) this.choose(to, false);
    else if ((event.key === 'Enter' || event.key === ' ') && this.at >= 0) this.open(this.at, true);
    else return;
    event.preventDefault();
  }
}
Rows.number = 0;
