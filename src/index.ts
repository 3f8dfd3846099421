/**
 * What the package offers to programs. Heavy parts (ONNX Runtime, weights) are loaded when first used; importing
 * this loads TensorFlow.js's core, which is what models, costs and planners' scorers are written in.
 */
export { type AgentOptions, createAgent, createAgentWithModel, shippedModelDirectory } from './agent/create-agent.ts';
export type * from './core/contracts.ts';
export { RunError, UsageError } from './core/errors.ts';
export { createRng, deriveSeed, type Rng } from './core/rng.ts';
export { type BoxSpace, type BoxSpaceOptions, createBoxSpace } from './core/space.ts';
export type * from './core/task.ts';
export { parseTask } from './cost/task-schema.ts';
export { type Collector, collectEpisode } from './data/collect-episode.ts';
export { type Dataset, openDataset } from './data/dataset-reader.ts';
export { createDatasetWriter, type DatasetWriter, type DatasetWriterOptions } from './data/dataset-writer.ts';
export { type DatasetDescription, describeDataset } from './data/describe-dataset.ts';
export type { Episode, EpisodeStep, StoredEpisode } from './data/episode.ts';
export { compile } from './engine/compile.ts';
export type { CompileOptions, DeviceName, Executable, Program, TensorSpec, Tensors, Values } from './engine/program.ts';
export { runEager } from './engine/run-eager.ts';
export { type Tensor, tf } from './engine/tf.ts';
export { checkEnvironment } from './env/check-env.ts';
export { createEnvironment, type EnvironmentOptions } from './env/create-environment.ts';
export { registeredTasks, taskById } from './env/registry.ts';
export { createVectorEnvironment, type VectorEnvironment } from './env/vector-environment.ts';
export { createExpertPolicy } from './eval/baselines/expert.ts';
export { createNoopPolicy } from './eval/baselines/noop.ts';
export { createOraclePolicy, type OracleOptions } from './eval/baselines/oracle.ts';
export { createRandomPolicy } from './eval/baselines/random.ts';
export { episodeSeeds } from './eval/episode-seeds.ts';
export { type Interval, wilson95 } from './eval/metrics/wilson-interval.ts';
export { isPrivileged, type PrivilegedPolicy } from './eval/privileged-policy.ts';
export type { RecordedStep, Recording } from './eval/recording.ts';
export { type ContactSheetOptions, writeContactSheet } from './eval/replay/contact-sheet.ts';
export { type ReplayOptions, writeReplay } from './eval/replay/write-replay.ts';
export { type EpisodeResult, type RunEpisodesOptions, type RunProgress, runEpisodes } from './eval/run-episodes.ts';
export { createPlanner, type PlannerName, type PlannerOptions, plannerNames } from './planner/create-planner.ts';
export type { Recipe } from './training/recipe.ts';
export { recipeByName, recipeNames } from './training/recipes.ts';
export { type TrainOptions, type TrainResult, train } from './training/train.ts';
export type { ModelConfig } from './world-model/config.ts';
export { loadModel, type StoredModel, saveModel } from './world-model/model-store.ts';
