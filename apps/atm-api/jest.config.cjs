module.exports = { displayName: 'atm-api', preset: '../../jest.preset.cjs' };
