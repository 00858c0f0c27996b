// Plain JavaScript: jest imports a TypeScript set-up file past its own transformer.
const { buildPackage } = require('../n8n/package.mts');

/** Some tests load the built package. Built here, once: two of them would build into the same folder at the same time. */
module.exports = async function globalSetup() {
	buildPackage();
};
