import { describeError } from '../../src/core/errors.ts';
import type { OpenRequest, Request } from '../protocol.ts';
import { element } from './elements.ts';
import type { Store } from './store.ts';

/** More than any task file or replay holds. */
const largestBytes = 50_000_000;

/** Opens task files and replays, chosen or dropped, and saves replays. */
export function createFiles(
  store: Store,
  send: (request: Request) => void,
  openRequest: (request: OpenRequest) => void,
): { save(name: string, text: string): void } {
  const input = element<HTMLInputElement>('file');
  const drop = element('drop');
  element('open-file').addEventListener('click', () => input.click());
  element('save').addEventListener('click', () => send({ type: 'save' }));
  input.addEventListener('change', () => {
    if (input.files?.[0] !== undefined) void open(input.files[0]);
    input.value = '';
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.hidden = false;
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.hidden = true;
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void open(file);
  });

  async function open(file: File): Promise<void> {
    try {
      if (file.size > largestBytes) throw new Error(`'${file.name}' is too large to be a task file or a replay`);
      const text = await file.text();
      if (isReplay(text)) openRequest({ type: 'open-replay', text, source: file.name });
      else openRequest({ type: 'open', task: { text, source: file.name }, seed: 0 });
    } catch (error) {
      store.set({ failure: describeError(error) });
    }
  }

  return {
    save(name, text) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
  };
}

/** Replays say so within their first words; what else is JSON or YAML is a task. */
function isReplay(text: string): boolean {
  return text.slice(0, 200).includes('"amitable.replay/');
}
