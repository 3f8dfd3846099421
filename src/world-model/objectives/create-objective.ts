import { createBarlowTwins } from './barlow-twins.ts';
import type { ObjectiveConfig, ReconstructionConfig } from './config.ts';
import { createEmaTeacher } from './ema-teacher.ts';
import { createInfoNce } from './info-nce.ts';
import type { Objective } from './objective.ts';
import { createPredictionOnly } from './prediction-only.ts';
import { createReconstruction } from './reconstruction.ts';
import { createSigreg } from './sigreg.ts';
import { createSimsiam } from './simsiam.ts';
import { createVicreg } from './vicreg.ts';

export function createObjective(config: ObjectiveConfig | ReconstructionConfig): Objective {
  switch (config.name) {
    case 'vicreg':
      return createVicreg(config);
    case 'barlow-twins':
      return createBarlowTwins(config);
    case 'sigreg':
      return createSigreg(config);
    case 'ema-teacher':
      return createEmaTeacher(config);
    case 'simsiam':
      return createSimsiam();
    case 'info-nce':
      return createInfoNce(config);
    case 'prediction-only':
      return createPredictionOnly();
    case 'reconstruction':
      return createReconstruction();
  }
}
