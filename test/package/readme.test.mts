import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../scripts/n8n/paths.mts';
import { fixtureNames } from '../providers/clean.mts';
import { comparable, expectedItem } from '../providers/items.mts';
import { senders, type JsonObject } from '../providers/senders.mts';

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
const shownItems = [...readme.matchAll(/```json\n(.*?)```/gs)]
	.map(([, json = '']) => JSON.parse(json) as JsonObject)
	.filter((shown) => 'provider' in shown && 'delivery' in shown);

it('the README shows an item of each provider', () => {
	const providers = new Set(shownItems.map(({ provider }) => provider));
	expect([...providers].sort()).toEqual(['gen', 'gestaoOnline', 'goatCom', 'troqueDevolva']);
});

it.each(shownItems)(
	'the item of $provider $event in the README is one that really comes out',
	(shown) => {
		const reviewed = senders.flatMap(({ folder }) =>
			fixtureNames(folder).map((name) => expectedItem(folder, name)),
		);
		expect(reviewed).toContainEqual(comparable(shown));
	},
);
