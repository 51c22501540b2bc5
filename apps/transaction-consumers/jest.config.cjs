module.exports = { displayName: 'transaction-consumers', preset: '../../jest.preset.cjs' };
