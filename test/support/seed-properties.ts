import fc from 'fast-check';

// The same draws in every run: a red test is red for everyone. `AMITABLE_PROPERTY_SEED` draws others.
fc.configureGlobal({ seed: Number(process.env.AMITABLE_PROPERTY_SEED ?? 20_261_123) });
