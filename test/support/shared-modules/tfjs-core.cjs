module.exports = globalThis.loadShared('@tensorflow/tfjs-core');
