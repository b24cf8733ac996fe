import { element } from './element.ts';

let made = 0;

type Tabs = { buttons: HTMLButtonElement[]; panels: HTMLElement[] };

function show({ buttons, panels }: Tabs, chosen: number): void {
  buttons.forEach((button, index) => {
    button.ariaSelected = String(index === chosen);
    button.tabIndex = index === chosen ? 0 : -1;
  });
  panels.forEach((panel, index) => {
    panel.hidden = index !== chosen;
  });
}

const labelOf = (button: HTMLElement) => button.textContent.trim().slice(0, 100);

/** Gives the older form, in which each label is followed by its block, the newer one: labels first. */
function gather(set: HTMLElement): void {
  const labels = set.querySelectorAll<HTMLElement>(':scope > label');
  if (labels.length === 0) return;
  const list = element('div', { class: 'tabbed-labels' });
  const content = element('div', { class: 'tabbed-content' });
  for (const block of set.querySelectorAll<HTMLElement>(':scope > .tabbed-content')) {
    block.className = 'tabbed-block';
    content.append(block);
  }
  list.append(...labels);
  set.append(list, content);
}

/** Makes tabs of one set of labels and blocks. */
function build(set: HTMLElement): Tabs | undefined {
  gather(set);
  const labels = [...set.querySelectorAll<HTMLElement>(':scope > .tabbed-labels > label')];
  const panels = [...set.querySelectorAll<HTMLElement>(':scope > .tabbed-content > .tabbed-block')];
  if (labels.length === 0 || labels.length !== panels.length) return undefined;
  for (const input of set.querySelectorAll(':scope > input')) input.remove();
  made += 1;
  const buttons = labels.map((label, index) => {
    const id = `docs-tab-${made}-${index}`;
    const button = element('button', { type: 'button', role: 'tab', id, 'aria-controls': `${id}-panel` });
    button.append(...label.childNodes);
    label.replaceWith(button);
    const panel = panels[index]!;
    panel.id = `${id}-panel`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    panel.dataset['label'] = labelOf(button);
    return button;
  });
  const list = set.querySelector<HTMLElement>(':scope > .tabbed-labels')!;
  list.setAttribute('role', 'tablist');
  list.ariaLabel = 'Variants';
  return { buttons, panels };
}

/** Tabs by pointer and arrows; sets with the same labels go together, and the choice is kept for other pages. */
export function dressTabs(
  root: HTMLElement,
  {
    chosenTabs,
    shownTabs,
    onTab,
  }: { chosenTabs: string[]; shownTabs?: number[] | undefined; onTab: (label: string) => void },
): void {
  const sets = [...root.querySelectorAll<HTMLElement>('.tabbed-set')].flatMap((set) => build(set) ?? []);
  const choose = (label: string) => {
    for (const set of sets) {
      const index = set.buttons.findIndex((button) => labelOf(button) === label);
      if (index >= 0) show(set, index);
    }
  };
  for (const [place, set] of sets.entries()) {
    const ranks = set.buttons.map((button) => chosenTabs.indexOf(labelOf(button)));
    const known = ranks.filter((rank) => rank >= 0);
    const shown = shownTabs?.length === sets.length ? shownTabs[place]! : -1;
    show(set, set.buttons[shown] ? shown : known.length === 0 ? 0 : ranks.indexOf(Math.min(...known)));
    set.buttons.forEach((button, index) => {
      button.addEventListener('click', () => {
        // What is above may change its height; the tab that was pressed stays where it is.
        const before = button.getBoundingClientRect().top;
        choose(labelOf(button));
        show(set, index);
        window.scrollBy({ top: button.getBoundingClientRect().top - before, behavior: 'instant' });
        onTab(labelOf(button));
      });
      button.addEventListener('keydown', (event) => {
        const last = set.buttons.length - 1;
        const to = {
          ArrowRight: index === last ? 0 : index + 1,
          ArrowLeft: index === 0 ? last : index - 1,
          Home: 0,
          End: last,
        }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        set.buttons[to]!.focus();
        set.buttons[to]!.click();
      });
    });
  }
}

/** Opens whatever hides an element: tabs and details around it. */
export function reveal(target: HTMLElement): void {
  for (let each: HTMLElement | null = target; each; each = each.parentElement) {
    if (each instanceof HTMLDetailsElement) each.open = true;
    if (each.getAttribute('role') === 'tabpanel' && each.hidden)
      document.getElementById(each.getAttribute('aria-labelledby') ?? '')?.click();
  }
}
