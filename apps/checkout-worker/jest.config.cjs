module.exports = { displayName: 'checkout-worker', preset: '../../jest.preset.cjs' };
