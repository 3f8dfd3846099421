/** The element of the page with that id. @throws where index.html and the scripts disagree */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page lacks #${id}`);
  return found as T;
}

/** Writes text only where it differs: what reads the page aloud is not told the same again. */
export function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The markup that each element was given: reading it back from the element spells it another way. */
const markup = new WeakMap<HTMLElement, string>();

/** Writes markup only where it differs: laying it out again takes time that the agent could think in. */
export function setMarkup(target: HTMLElement, html: string): void {
  if (markup.get(target) === html) return;
  markup.set(target, html);
  target.innerHTML = html;
}
