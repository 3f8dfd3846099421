module.exports = globalThis.loadShared('@tensorflow/tfjs-backend-cpu');
