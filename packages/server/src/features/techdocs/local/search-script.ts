/**
 * The search of a site that stands alone. The index is a script, because a page from the disk may not read files; it comes when somebody
 * searches. Nothing is asked of anybody else.
 */
export const searchScript = `(() => {
const base = document.currentScript.dataset.base, most = 20, around = 60;
const make = (name, given, ...inside) => { const node = Object.assign(document.createElement(name), given); node.append(...inside); return node; };
const input = make('input', { type: 'search', placeholder: 'Search', autocomplete: 'off' });
input.setAttribute('aria-label', 'Search these documents');
const status = make('p', {}), list = make('ul', {});
status.setAttribute('role', 'status');
const form = make('form', { className: 'search' }, input, status, list);
form.setAttribute('role', 'search');
document.querySelector('.site>nav').prepend(form);
let loading;
const load = () => loading ??= new Promise((done, fail) => document.head.append(make('script', { src: base + 'search/search_index.js', onload: done, onerror: fail })));
const plain = (text) => text.toLowerCase().normalize('NFD').replace(/\\p{M}/gu, '');
let entries;
const read = () => entries ??= callboardDocs.map(({ location, title, text }) => ({ location, title, text, titleWords: plain(title), words: plain(text) }));
const points = ({ titleWords, words }, asked) => {
  let sum = 0;
  for (const word of asked) {
    if (titleWords.startsWith(word)) sum += 30; else if ((' ' + titleWords).includes(' ' + word)) sum += 20; else if (titleWords.includes(word)) sum += 10;
    else if ((' ' + words).includes(' ' + word)) sum += 3; else if (words.includes(word)) sum += 1; else return 0;
  }
  return sum;
};
const excerpt = ({ text, words }, asked) => {
  const at = Math.max(0, Math.min(...asked.map((word) => { const place = words.indexOf(word); return place < 0 ? Infinity : place; })));
  const start = at === Infinity ? 0 : Math.max(0, at - around);
  return (start > 0 ? '…' : '') + text.slice(start, start + 3 * around).trim() + (start + 3 * around < text.length ? '…' : '');
};
const address = (location) => { const [page, anchor] = location.split('#'); return base + page + 'index.html' + (anchor === undefined ? '' : '#' + anchor); };
const search = async () => {
  const said = input.value, asked = plain(said).split(/\\s+/).filter(Boolean);
  if (asked.length === 0) { list.replaceChildren(); status.textContent = ''; return; }
  try { await load(); } catch { status.textContent = 'The search index cannot be read.'; return; }
  if (said !== input.value) return;
  const found = read().map((entry) => ({ entry, points: points(entry, asked) })).filter((each) => each.points > 0).sort((one, other) => other.points - one.points);
  status.textContent = found.length === 0 ? 'Nothing has these words.' : found.length === 1 ? '1 place found' : found.length + ' places found';
  list.replaceChildren(...found.slice(0, most).map(({ entry }) => make('li', {}, make('a', { href: address(entry.location) }, make('b', { textContent: entry.title }), ' ' + excerpt(entry, asked)))));
};
input.addEventListener('focus', () => load().catch(() => undefined), { once: true });
input.addEventListener('input', search);
form.addEventListener('submit', (event) => { event.preventDefault(); list.querySelector('a')?.click(); });
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.ctrlKey && !event.metaKey && !/^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); input.focus(); }
  else if (event.key === 'Escape' && form.contains(event.target)) { input.value = ''; search(); }
});
})();
`;
