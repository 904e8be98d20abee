// The frame of the page, and what happens when something is asked for.

const cleared = () => Object.fromEntries(FILTERS.map(name => [name, DEFAULTS[name]]));

function chips() {
  return el(
    'div',
    { class: 'chips', role: 'group', 'aria-label': t('severity') },
    SEVERITIES.map(name => {
      const act = () => {
        const on = SEVERITIES.map(one => one[0]).filter(one => (one === name[0]) !== S.sev.includes(one)).join('');
        change({ sev: on || DEFAULTS.sev });
      };
      return button(t(name), act, { class: `chip ${name}`, id: `chip-${name}` });
    }),
  );
}

/** A box to type in; what is typed counts when the typing pauses. */
function typing(name, label, wide) {
  let waiting;
  const input = el('input', {
    type: 'search', id: `type-${name}`, class: wide ? 'wide' : '', placeholder: label, 'aria-label': label, autocomplete: 'off', spellcheck: 'false',
    on: {
      input: () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => change({ [name]: input.value, open: '' }, { again: true }), 200);
      },
    },
  });
  input.value = S[name];
  return input;
}

function ruleBox() {
  const input = typing('rule', t('rule_id'));
  input.setAttribute('list', 'rule-ids');
  return [input, el('datalist', { id: 'rule-ids' }, D.rules.map((rule, r) => el('option', { value: rule.id }, ruleTitle(r))))];
}

const distinct = values => [...new Set(values)].filter(Boolean).sort();

function filterBar() {
  const years = distinct(W.year.map(year => D.strings[year]));
  const packs = distinct(W.packs.flat().map(pack => D.strings[pack]));
  const changes = ['new', 'still', ...GONE];
  return el(
    'div',
    { class: 'filters', role: 'search' },
    typing('q', t('search_all'), true),
    chips(),
    select('status', [['', t('any')], ['fail', t('standing_findings')], ['waived', t('waived')]], t('status')),
    packs.length > 1 ? select('pack', [['', t('any')], ...packs.map(pack => [pack, pack])], t('pack')) : null,
    years.length > 1 ? select('year', [['', t('any')], ...years.map(year => [year, year])], t('year')) : null,
    D.head.before ? select('change', [['', t('any')], ...changes.map(name => [name, t(name)])], t('change')) : null,
    ruleBox(),
    typing('unit', t('unit_or_file')),
    el('label', { class: 'choice' }, tick('only', S.only === 'unread', on => change({ only: on ? 'unread' : '' })), el('span', {}, t('only_unread'))),
  );
}

function frame() {
  const { head } = D;
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  document.title = t('title');
  const other = language === 'en' ? 'zh' : 'en';
  const day = head.finished || head.started;
  const doubt = pack => (pack.status === 'sourced' ? '' : brackets(t(pack.status || 'pack_unknown')));
  const packs = list(D.packs.map(pack => `${pack.id} ${pack.edition}${doubt(pack)}`));
  const app = document.getElementById('app');
  app.replaceChildren(
    el('a', { class: 'skip', href: '#', on: { click: event => { event.preventDefault(); document.querySelector('main').focus(); } } }, t('skip')),
    el(
      'header',
      {},
      el('h1', {}, t('title')),
      head.run ? el('span', { class: 'run' }, `${day.slice(0, 10)}　`, el('code', {}, head.run)) : null,
      el('span', { class: 'packs-line', title: packs }, packs),
      el('span', { class: 'grow' }),
      button(t('print'), () => print(), { class: 'quiet' }),
      button(other === 'en' ? 'English' : '中文', () => change({ lang: other === D.language ? '' : other }, { whole: true }), { class: 'quiet', id: 'language', lang: other }),
    ),
    el(
      'nav',
      { 'aria-label': t('views') },
      VIEWS.map(view => button(t(view), () => change({ view }), { id: `view-${view}` })),
      el('span', { class: 'grow' }),
      el('span', { class: 'answer', id: 'answer' }),
      button(t('clear'), () => change(cleared()), { id: 'clear', class: 'quiet' }),
    ),
    filterBar(),
    el('main', { tabindex: -1 }),
    el('aside', { id: 'panel', tabindex: -1, 'aria-label': t('details'), hidden: true }),
    el('div', { id: 'live', class: 'unseen', role: 'status', 'aria-live': 'polite' }),
  );
}

/** Bring what is shown in line with what is asked for; only `open` leaves the lists as they are. */
function show(asked, { focus = false, whole = false } = {}) {
  const { id } = document.activeElement;
  if (whole) frame();
  const panelOnly = !whole && Object.keys(asked).every(name => name === 'open');
  if (!panelOnly) {
    if (whole || Object.keys(asked).some(name => FILTERS.includes(name))) apply();
    else if ('sort' in asked || 'all' in asked) order();
    for (const view of VIEWS) {
      const tab = document.getElementById(`view-${view}`);
      if (S.view === view) tab.setAttribute('aria-current', 'page');
      else tab.removeAttribute('aria-current');
    }
    syncFilters();
    const made = { overview: () => ({ element: overview() }), matrix: matrixView, findings: findingsView, gaps: gapsView }[S.view]();
    document.body.dataset.view = S.view;
    document.querySelector('main').replaceChildren(made.element);
    if (made.ready) made.ready();
    const again = id && document.getElementById(id);
    if (again && again !== document.activeElement) again.focus();
  }
  return showPanel(focus);
}

function syncFilters() {
  for (const name of ['q', 'rule', 'unit']) {
    const input = document.getElementById(`type-${name}`);
    if (input !== document.activeElement || S[name] === '') input.value = S[name];
  }
  for (const name of ['status', 'pack', 'year', 'change']) {
    const choice = document.getElementById(`choose-${name}`);
    if (choice) choice.value = S[name];
  }
  document.getElementById('tick-only').checked = S.only === 'unread';
  for (const name of SEVERITIES) document.getElementById(`chip-${name}`).setAttribute('aria-pressed', String(S.sev.includes(name[0])));
  const answer = t('answer', { units: unitCount(R.units), findings: count(R.shown.length) });
  document.getElementById('answer').textContent = answer;
  document.getElementById('clear').hidden = !R.filtered;
  announce(answer);
}

function change(asked, { focus = false, again = false, whole = false } = {}) {
  const before = { ...S };
  Object.assign(S, asked);
  if (whole) language = (S.lang || D.language) === 'en' ? 'en' : 'zh';
  const differs = Object.fromEntries(Object.keys(asked).filter(name => before[name] !== S[name]).map(name => [name, S[name]]));
  writeAddress(again);
  return show(differs, { focus, whole });
}

function keys(event) {
  if (event.key === 'Escape') {
    if (!S.open) return;
    closePanel();
    event.preventDefault();
  } else if (event.key === '/' && !event.target.matches('input, select, textarea')) {
    document.getElementById('type-q').focus();
    event.preventDefault();
  }
}

async function start() {
  try {
    await load();
  } catch (problem) {
    // Whatever browser this is: say it, in both languages, since the words may not be there.
    document.getElementById('wait').textContent = `本页的数据无法读取，请使用 Chromium 86 以上的浏览器。 / The data of this page cannot be read; use Chromium 86 or newer. (${problem})`;
    return;
  }
  readAddress();
  addEventListener('popstate', () => { readAddress(); show({}, { whole: true }); });
  addEventListener('keydown', keys);
  addEventListener('beforeprint', preparePrint);
  addEventListener('afterprint', printed);
  await show({}, { whole: true });
  document.getElementById('app').removeAttribute('aria-busy');
}

start();
