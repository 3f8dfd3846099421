/** Says something to those who listen to the page; the last thing said within a moment counts. */
export function createAnnouncer(element: HTMLElement): (text: string) => void {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      element.textContent = text;
    }, 150);
  };
}
