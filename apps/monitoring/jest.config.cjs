module.exports = { displayName: 'monitoring', preset: '../../jest.preset.cjs' };
