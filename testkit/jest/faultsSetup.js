// Plain JavaScript: jest imports a TypeScript set-up file past its own transformer.
const { packPackage } = require('../n8n/package.mts');

/** The packed package. Each test starts an n8n of its own with it: it kills it, or fills its database. */
module.exports = async function globalSetup() {
	process.env.E2E_TARBALL = await packPackage((line) => console.log(line));
};
