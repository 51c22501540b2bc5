module.exports = { displayName: 'auditor', preset: '../../jest.preset.cjs' };
