import type { Point } from '../../src/core/task.ts';
import type { Request } from '../protocol.ts';
import type { Store, Tool } from './store.ts';

export interface ReachingOptions {
  readonly stage: HTMLElement;
  readonly store: Store;
  readonly send: (request: Request) => void;
}

/** Where the hand comes in from, for those who have no pointer over the table. */
const entrance: Point = [0.92, 0.92];

/** While that tool is chosen, the visitor's hand is over the table and follows the pointer. */
export function createReaching({ stage, store, send }: ReachingOptions): void {
  let tool: Tool = store.state.tool;
  let last = 0;
  const reach = (event: PointerEvent): void => {
    if (store.state.tool !== 'hand') return;
    // As often as the screen shows it.
    if (event.timeStamp - last < 30) return;
    last = event.timeStamp;
    const { left, top, width, height } = stage.getBoundingClientRect();
    send({ type: 'reach', to: [(event.clientX - left) / width, (event.clientY - top) / height] });
  };
  stage.addEventListener('pointermove', reach);
  stage.addEventListener('pointerdown', reach);
  store.subscribe((state) => {
    if (state.tool === tool) return;
    if (state.tool === 'hand') send({ type: 'reach', to: entrance });
    else if (tool === 'hand') send({ type: 'reach', to: null });
    tool = state.tool;
  });
}
