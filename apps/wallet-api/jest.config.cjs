module.exports = { displayName: 'wallet-api', preset: '../../jest.preset.cjs' };
