import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINGERPRINTS, fingerprints, PICTURES } from '../../scripts/pictures.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

it('the pictures show what is there: otherwise run npm run screenshots and look at them', () => {
	const current = fingerprints();
	expect(JSON.parse(readFileSync(FINGERPRINTS, 'utf8'))).toEqual(current);
	const files = readdirSync(join(repositoryRoot, PICTURES)).filter((file) => file.endsWith('.png'));
	expect(files.sort()).toEqual(
		Object.keys(current)
			.map((name) => `${name}.png`)
			.sort(),
	);
});
