module.exports = { displayName: 'cart-api', preset: '../../jest.preset.cjs' };
