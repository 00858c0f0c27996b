/** @type {import('jest').Config} */
const shared = {
	rootDir: __dirname,
	testEnvironment: 'node',
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'json', 'node'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
		],
	},
	modulePathIgnorePatterns: [
		'<rootDir>/dist',
		'<rootDir>/.n8n',
		'<rootDir>/artifacts',
		'<rootDir>/scripts/n8n/compat/',
	],
};

module.exports = {
	projects: [
		{
			...shared,
			displayName: 'unit',
			setupFilesAfterEnv: ['<rootDir>/test/setup.js'],
			globalSetup: '<rootDir>/test/package/globalSetup.js',
			testMatch: [
				'<rootDir>/test/{core,providers,package,standIns,attack,fuzz}/**/*.test.{ts,mts}',
			],
		},
		{
			...shared,
			displayName: 'e2e',
			setupFilesAfterEnv: ['<rootDir>/test/setup.js'],
			testMatch: ['<rootDir>/test/e2e/**/*.test.mts'],
			globalSetup: '<rootDir>/test/e2e/globalSetup.js',
			globalTeardown: '<rootDir>/test/e2e/globalTeardown.js',
		},
		{
			...shared,
			displayName: 'faults',
			testMatch: ['<rootDir>/test/faults/**/*.test.mts'],
			globalSetup: '<rootDir>/test/faults/globalSetup.js',
		},
		{
			...shared,
			displayName: 'browser',
			setupFilesAfterEnv: ['<rootDir>/test/setup.js'],
			testMatch: ['<rootDir>/test/browser/**/*.test.mts'],
			globalSetup: '<rootDir>/test/browser/globalSetup.js',
			globalTeardown: '<rootDir>/test/e2e/globalTeardown.js',
		},
		{
			...shared,
			displayName: 'queue',
			testMatch: ['<rootDir>/test/queue/**/*.test.mts'],
		},
	],
};
