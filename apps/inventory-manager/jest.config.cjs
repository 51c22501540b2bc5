module.exports = { displayName: 'inventory-manager', preset: '../../jest.preset.cjs' };
