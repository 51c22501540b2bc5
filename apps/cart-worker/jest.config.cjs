module.exports = { displayName: 'cart-worker', preset: '../../jest.preset.cjs' };
