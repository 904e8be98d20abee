"use strict";
// Search, the language, and which page is shown. All content is in the file already; without this script all pages are
// shown one after the other.
const root = document.documentElement;
const articles = [...document.querySelectorAll("article")];
const items = new Map([...document.querySelectorAll("nav [data-page]")].map((item) => [item.dataset.page, item]));
const packs = [...document.querySelectorAll("nav details")];
const fields = [...document.querySelectorAll('input[type="search"]')];
const boxes = [...document.querySelectorAll('input[type="checkbox"]')];
const output = document.querySelector("output");
const texts = new Map(articles.map((article) => [article.id, article.textContent.normalize("NFKC").toLowerCase()]));

function search(text) {
  const words = text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const all = !words.length && wanted.size === boxes.length;
  let count = 0;
  for (const article of articles) {
    const severity = article.dataset.severity;
    const fits = all || (words.every((word) => texts.get(article.id).includes(word))
      && (severity ? wanted.has(severity) : words.length > 0));
    const item = items.get(article.id);
    if (item.tagName === "LI") {
      item.hidden = !fits;
      if (fits) count += 1;
    }
  }
  for (const pack of packs) {
    for (const list of pack.querySelectorAll("ul")) {
      list.hidden = ![...list.children].some((item) => !item.hidden);
      list.previousElementSibling.hidden = list.hidden;
    }
    pack.hidden = ![...pack.querySelectorAll("ul")].some((list) => !list.hidden) && !all;
    if (words.length) pack.open = !pack.hidden;
  }
  const [zh, en] = output.dataset.words.split("|");
  output.textContent = all ? "" : (root.dataset.language === "en" ? en : zh).replace("#", count);
}

function speak(language) {
  root.dataset.language = language;
  root.lang = language === "en" ? "en" : "zh-CN";
  search(fields[0].value);
}

function arrive() {
  const asked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const shown = articles.includes(asked) ? asked : articles[0];
  for (const article of articles) article.hidden = article !== shown;
  for (const link of document.querySelectorAll("nav a.here")) link.classList.remove("here");
  const item = items.get(shown.id);
  item.closest("details").open = true;
  const link = item.querySelector("a");
  link.classList.add("here");
  if (asked) link.scrollIntoView({ block: "nearest" });
  window.scrollTo(0, 0);
}

let waiting = 0;
for (const field of fields) {
  field.addEventListener("input", () => {
    for (const other of fields) other.value = field.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => search(field.value), 120);
  });
  field.addEventListener("keydown", (event) => {
    const first = document.querySelector("nav details:not([hidden]) li:not([hidden]) a");
    if (event.key === "Enter" && first) first.click();
  });
}
for (const box of boxes) box.addEventListener("change", () => search(fields[0].value));
for (const button of document.querySelectorAll("button[data-set]")) {
  button.addEventListener("click", () => speak(button.dataset.set));
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => {
    root.dataset.print = button.dataset.print;
    if (button.dataset.print === "all") {
      for (const article of articles) article.hidden = false;
      for (const pack of packs) pack.open = true;
    }
    window.print();
    arrive();
  });
}
window.addEventListener("hashchange", arrive);
arrive();
