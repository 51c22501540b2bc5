// One Jest process runs every project. `testTimeout` counts from here alone; the preset has it for a project run by itself.
module.exports = { projects: ['<rootDir>/libs/*', '<rootDir>/apps/*', '<rootDir>/deploy'], testTimeout: 30_000 };
