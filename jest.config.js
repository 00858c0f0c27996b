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
		'<rootDir>/testkit/n8n/compat/',
	],
};

const isLong = ['test:faults', 'test:all'].includes(process.env.npm_lifecycle_event);

module.exports = {
	// Where two share the machine with n8n, a third only makes all of them wait.
	maxWorkers: 2,
	projects: [
		{
			...shared,
			displayName: 'unit',
			setupFilesAfterEnv: ['<rootDir>/testkit/jest/setup.js'],
			globalSetup: '<rootDir>/testkit/jest/unitSetup.js',
			testMatch: ['<rootDir>/test/{core,providers,package,mockApis}/**/*.test.{ts,mts}'],
		},
		{
			...shared,
			displayName: 'e2e',
			setupFilesAfterEnv: ['<rootDir>/testkit/jest/setup.js'],
			testMatch: ['<rootDir>/test/e2e/**/*.test.mts'],
			globalSetup: '<rootDir>/testkit/jest/n8nSetup.js',
			globalTeardown: '<rootDir>/testkit/jest/n8nTeardown.js',
		},
		{
			...shared,
			displayName: 'faults',
			testMatch: [`<rootDir>/test/faults/${isLong ? '*' : '!(*.long)'}.test.mts`],
			globalSetup: '<rootDir>/testkit/jest/n8nSetup.js',
			globalTeardown: '<rootDir>/testkit/jest/n8nTeardown.js',
		},
		{
			...shared,
			displayName: 'browser',
			setupFilesAfterEnv: ['<rootDir>/testkit/jest/setup.js'],
			testMatch: ['<rootDir>/test/browser/**/*.test.mts'],
			globalSetup: '<rootDir>/testkit/jest/n8nSetup.js',
			globalTeardown: '<rootDir>/testkit/jest/n8nTeardown.js',
		},
		{
			...shared,
			displayName: 'queue',
			testMatch: ['<rootDir>/test/queue/**/*.test.mts'],
		},
	],
};
