/**
 * Table widths within which a distance term costs nothing, where the task does not say. Less than any task's
 * success radius, to leave room for error.
 */
export const defaultTolerance = 0.02;
