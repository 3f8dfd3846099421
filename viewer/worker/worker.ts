import './quiet-schemas.ts';
import { describeError } from '../../src/core/errors.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { parseTask } from '../../src/cost/task-schema.ts';
import { registeredTasks, taskById } from '../../src/env/registry.ts';
import { encodeReplay, parseReplay } from '../../src/eval/replay/replay-file.ts';
import { createPlanner, type PlannerName, plannerNames } from '../../src/planner/create-planner.ts';
import type { StoredModel } from '../../src/world-model/decode-model.ts';
import { initialSettings } from '../initial-settings.ts';
import type { Report, Request, Settings, TaskChoice } from '../protocol.ts';
import { type Brain, createBrainKeeper } from './brain.ts';
import { addZone, move, poke, removeZone, resizeZone } from './edit-table.ts';
import { createListener } from './listen-in.ts';
import { createLiveEpisode, type LiveEpisode } from './live-episode.ts';
import { loadModel } from './load-model.ts';
import { readTaskText } from './read-task-text.ts';

/** What of a worker's global scope is used here. */
interface WorkerScope {
  postMessage(message: Report): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const report = (message: Report): void => scope.postMessage(message);
const modelName = 'tabletop-small';
/** One more would be no faster: the graphs are small. The other cores draw the page. */
const threads = 1;

const listener = createListener();
let settings = initialSettings;
/** Null until it is loaded; the page asks for nothing before. */
let mind: { readonly model: StoredModel; readonly brainFor: (settings: Settings) => Promise<Brain> } | null = null;
let episode: LiveEpisode | null = null;
/** Episodes are opened one after the other. */
let opening: Promise<void> = Promise.resolve();

async function open(load: () => Pick<Parameters<typeof createLiveEpisode>[0], 'task' | 'seed' | 'recorded'>) {
  try {
    const chosen = load();
    await episode?.dispose();
    episode = createLiveEpisode({
      ...chosen,
      settings,
      frameSize: mind!.model.config.frame[0],
      brainFor: mind!.brainFor,
      report,
    });
  } catch (error) {
    report({ type: 'failed', message: describeError(error) });
  }
}

function taskOf(choice: TaskChoice): TaskSpec {
  return 'id' in choice ? taskById(choice.id) : parseTask(readTaskText(choice.text, choice.source), choice.source);
}

function handle(request: Request): void {
  switch (request.type) {
    case 'open':
      opening = opening.then(() => open(() => ({ task: taskOf(request.task), seed: request.seed, recorded: null })));
      break;
    case 'open-replay':
      opening = opening.then(() =>
        open(() => {
          const replay = parseReplay(request.text, request.source);
          return { task: replay.task, seed: replay.seed, recorded: { source: request.source, replay } };
        }),
      );
      break;
    case 'settings':
      settings = request.settings;
      episode?.configure(settings);
      break;
    case 'save': {
      const replay = episode?.record();
      if (replay === undefined) break;
      report({ type: 'saved', name: `${replay.task.id}-${replay.seed}.json`, text: encodeReplay(replay) });
      break;
    }
    default:
      if (episode !== null) interfere(episode, request);
  }
}

type Interference = Exclude<Request, { readonly type: 'open' | 'open-replay' | 'settings' | 'save' }>;

function interfere(episode: LiveEpisode, request: Interference): void {
  switch (request.type) {
    case 'play':
      episode.play();
      break;
    case 'pause':
      episode.pause();
      break;
    case 'step':
      episode.step();
      break;
    case 'return':
      episode.returnTo(request.step);
      break;
    case 'move':
      episode.edit((table) => move(table, request.grip, request.to));
      break;
    case 'poke':
      episode.edit((table) => poke(table, request.object, request.from));
      break;
    case 'reach':
      episode.reach(request.to);
      break;
    case 'add-zone':
      episode.edit((table) => addZone(table, request.zone));
      break;
    case 'resize-zone':
      episode.edit((table) => resizeZone(table, request.zone, request.by));
      break;
    case 'remove-zone':
      episode.edit((table) => removeZone(table, request.zone));
      break;
  }
}

async function start(): Promise<void> {
  report({ type: 'activity', activity: 'loading' });
  const loaded = await loadModel(modelName);
  mind = { model: loaded, brainFor: createBrainKeeper({ model: loaded, listener, threads }) };
  const { planner, action } = loaded.config;
  const own = planner.options as { readonly horizon: number };
  const { evaluationsPerPlan } = createPlanner(
    planner.name as PlannerName,
    {
      ...own,
      actionSpace: { ...action, size: action.low.length, maxNorm: action.maxNorm ?? Number.POSITIVE_INFINITY },
    } as never,
  );
  report({
    type: 'ready',
    tasks: registeredTasks
      .filter(({ world = 'tabletop' }) => world === loaded.config.world)
      .map(({ id, description = '' }) => ({ id, description })),
    defaults: {
      planner: planner.name,
      planners: plannerNames,
      horizon: own.horizon,
      evaluations: evaluationsPerPlan,
      model: modelName,
      hash: loaded.hash,
    },
  });
}

scope.onmessage = ({ data }) => {
  try {
    handle(data);
  } catch (error) {
    report({ type: 'failed', message: describeError(error) });
  }
};
start().catch((error: unknown) => report({ type: 'failed', message: describeError(error) }));
