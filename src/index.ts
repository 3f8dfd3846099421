/**
 * The library: environments, world models, planners, agents and their evaluation. Importing it does nothing but
 * define; devices and models are loaded when first used.
 */

// The agent and what it is made of.
export { type AgentOptions, createAgent, createAgentWithModel, shippedModelDirectory } from './agent/create-agent.ts';
// What all parts speak of.
export type {
  Decision,
  EntityDescription,
  Environment,
  EpisodeInfo,
  EpisodeStart,
  Frame,
  Imagined,
  Instruction,
  LatentDynamics,
  Observation,
  Plan,
  PlanIteration,
  Planner,
  PlanRequest,
  Policy,
  ResetOptions,
  ResetResult,
  Rollout,
  Scorer,
  Scores,
  StepResult,
  Truth,
} from './core/contracts.ts';
export { RunError, UsageError } from './core/errors.ts';
export type { Experience, Memory, Moment, Outcome, Situation } from './core/memory-contracts.ts';
export { createRng, deriveSeed, type Rng, type RngState } from './core/rng.ts';
export { type BoxSpace, type BoxSpaceOptions, createBoxSpace } from './core/space.ts';
export type {
  ColourName,
  GuardrailSpec,
  ObjectSpec,
  Point,
  Predicate,
  Region,
  RegionSpec,
  SceneSpec,
  ShapeName,
  SuccessSpec,
  TargetSpec,
  TaskSpec,
  TermSpec,
  WorldName,
} from './core/task.ts';
export { type CompileCostOptions, type CompiledCost, compileCost } from './cost/compile-cost.ts';
export { type CustomTerm, type CustomTermParameters, registerTerm } from './cost/custom-term.ts';
// Worlds and tasks.
export { parseTask } from './cost/task-schema.ts';
// Data sets.
export {
  type CollectEpisodeOptions,
  type Collector,
  type CollectorStart,
  collectEpisode,
} from './data/collect-episode.ts';
export { type Dataset, type EpisodeSummary, openDataset } from './data/dataset-reader.ts';
export { createDatasetWriter, type DatasetWriter, type DatasetWriterOptions } from './data/dataset-writer.ts';
export { type DatasetDescription, describeDataset } from './data/describe-dataset.ts';
export type { Episode, EpisodeStep, StoredEpisode } from './data/episode.ts';
export type { ScalarEvent } from './data/tensorboard/event-file.ts';
export { createEventLog, type EventLog, readEventLog } from './data/tensorboard/event-log.ts';
// Tensor programs and the devices that run them.
export {
  type CompileOptions,
  compile,
  type DeviceName,
  type DeviceReport,
  type Executable,
  type Program,
  probeDevices,
  runEager,
  type Tensor,
  type TensorSpec,
  type Tensors,
  tf,
  type Values,
} from './engine/index.ts';
export { checkEnvironment } from './env/check-env.ts';
export { createEnvironment, type EnvironmentOptions } from './env/create-environment.ts';
export { registeredTasks, taskById } from './env/registry.ts';
export { createTabletop, type Tabletop, type TabletopOptions } from './env/tabletop/environment.ts';
export {
  createVectorEnvironment,
  type VectorEnvironment,
  type VectorEnvironmentOptions,
} from './env/vector-environment.ts';
// Evaluation.
export { createExpertPolicy } from './eval/baselines/expert.ts';
export { createInversePolicy, type InverseOptions } from './eval/baselines/inverse.ts';
export { createNoopPolicy } from './eval/baselines/noop.ts';
export { createOraclePolicy, type OracleOptions } from './eval/baselines/oracle.ts';
export { createRandomPolicy } from './eval/baselines/random.ts';
export { type BenchOptions, type Contestant, playBench } from './eval/bench.ts';
export { type BenchReport, createBenchReport, withoutTimes } from './eval/bench-report.ts';
export { type ChosenEpisodes, chooseEpisodes } from './eval/choose-episodes.ts';
export { type EpisodeManifest, readManifest, withFrozenStarts } from './eval/episode-manifest.ts';
export { episodeSeeds } from './eval/episode-seeds.ts';
export { exact95 } from './eval/metrics/exact-binomial.ts';
export { interquartileMean, median, percentile } from './eval/metrics/order-statistics.ts';
export { mcnemarExact, pairedBootstrap95 } from './eval/metrics/paired-comparison.ts';
export { type IqmBootstrapOptions, iqmBootstrap95 } from './eval/metrics/pooled-runs.ts';
export { type Interval, wilson95 } from './eval/metrics/wilson-interval.ts';
export type { PrivilegedPolicy } from './eval/privileged-policy.ts';
export { describeProvenance, type Provenance } from './eval/provenance.ts';
export type { RecordedStep, Recording } from './eval/recording.ts';
export { type ContactSheetOptions, writeContactSheet } from './eval/replay/contact-sheet.ts';
export { encodeReplay, parseReplay, type Replay } from './eval/replay/replay-file.ts';
export { type ReplayOptions, writeReplay } from './eval/replay/write-replay.ts';
export {
  type EndedEpisode,
  type EpisodeResult,
  type RunEpisodesOptions,
  type RunProgress,
  runEpisodes,
} from './eval/run-episodes.ts';
// Memory that lasts.
export type { EpisodeRecord, EpisodeSummary as RememberedSummary } from './memory/episode-record.ts';
export {
  type EpisodeStore,
  type EpisodeStoreOptions,
  openEpisodeStore,
  type StoreState,
} from './memory/episode-store.ts';
export { type MemoryOptions, openMemory } from './memory/open-memory.ts';
export { createPlanner, type PlannerName, type PlannerOptions, plannerNames } from './planner/create-planner.ts';
export {
  createRecedingHorizon,
  type RecedingHorizon,
  type RecedingHorizonOptions,
} from './planner/receding-horizon.ts';
// Training.
export { parseRecipe, type Recipe } from './training/recipe.ts';
export { recipeByName, recipeNames } from './training/recipes.ts';
export { type TrainOptions, type TrainResult, train } from './training/train.ts';
export type { TrainingEvents } from './training/training-data.ts';
export type { ModelConfig } from './world-model/config.ts';
export { type ExportCard, exportModel } from './world-model/export/export-model.ts';
export { defaultExportShape, type ExportShape } from './world-model/export/export-programs.ts';
export { loadModel, type StoredModel, saveModel } from './world-model/model-store.ts';
