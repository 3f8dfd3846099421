// TypeScript by swc, as ever, with the language's own globals bound in each module. Jest runs tests in a realm of their
// own in which every look-up of a global (`Math`, `Float32Array`) is intercepted: drawing a scene takes four times as long
// there. Names a module binds itself are left alone.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { createTransformer } = require('@swc/jest');

const names = [
  ...['Array', 'Infinity', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Set'],
  ...['Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array', 'Uint16Array', 'Uint32Array'],
];

const isUsed = (name, code) => new RegExp(`(?<![.\\w$'"])${name}(?![\\w$'":])`).test(code);
const isBound = (name, code) =>
  new RegExp(`\\b(const|let|var|class|function\\*?)\\s+${name}\\b|\\bimport\\b[^;]*\\b${name}\\b[^;]*\\bfrom\\b`).test(
    code,
  );

/** On the first line, so that source maps keep their lines. */
function bindGlobals({ code, ...rest }) {
  const bound = names.filter((name) => isUsed(name, code) && !isBound(name, code));
  const head = bound.length === 0 ? '' : `const { ${bound.join(', ')} } = globalThis;`;
  return { ...rest, code: head + code };
}

const version = createHash('sha256').update(readFileSync(__filename)).digest('hex');

module.exports = {
  createTransformer(options) {
    const swc = createTransformer(options);
    return {
      ...swc,
      process: (...call) => bindGlobals(swc.process(...call)),
      processAsync: async (...call) => bindGlobals(await swc.processAsync(...call)),
      getCacheKey: (...call) =>
        createHash('sha256')
          .update(version)
          .update(swc.getCacheKey(...call))
          .digest('hex'),
    };
  },
};
