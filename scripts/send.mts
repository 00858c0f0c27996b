// Plays a provider: delivers its documented samples to any webhook URL.
import { STATUS_CODES } from 'node:http';
import { parseArgs } from 'node:util';
import { request } from '../testkit/n8n/http.mts';
import { findSender, senders, type Sender } from '../testkit/providers/senders.mts';
import { demoFolder, readDemo } from './demo.mts';

const TIMEOUT_MS = 30_000;
const MASK = '***';

const listEvents = ({ samples }: Sender) =>
	samples.map(({ event, assumed }) => `    ${event}${assumed ? ' (assumed name)' : ''}`).join('\n');

const PROVIDERS = senders
	.map((sender) => `  ${sender.provider} (${sender.displayName})\n${listEvents(sender)}`)
	.join('\n');

const USAGE = `npm run send -- <provider> <event> [--url <webhook URL>] [--token <token>] [--repeat <n>] [--fresh]

Delivers the event's documented sample to a webhook URL, the way the provider would.

  --url     where to: the webhook URL that the trigger shows in n8n (default: the example that npm start runs)
  --token   the token in the trigger's credential, put where the provider puts it; never printed
  --repeat  send it this many times, one after the other (default 1)
  --fresh   give each delivery new ids; without it repeated deliveries are identical, like retries
  --help    print this

Ends with 0 when every answer was 2xx, else with 1.

Providers and events:
${PROVIDERS}`;

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			url: { type: 'string' },
			token: { type: 'string' },
			repeat: { type: 'string', default: '1' },
			fresh: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) return console.log(USAGE);
	const [provider = '', wanted = '', unknown] = positionals;
	if (unknown) throw new Error(`What is "${unknown}"? See npm run send -- --help`);
	const sender = findSender(provider);
	if (!sender) throw new Error(`There is no provider "${provider}". There are:\n${PROVIDERS}`);
	const { displayName, samples } = sender;
	const sample = samples.find(({ event }) => event.toLowerCase() === wanted.toLowerCase());
	if (!sample) {
		throw new Error(
			`${displayName} has no sample of "${wanted}". There are:\n${listEvents(sender)}`,
		);
	}
	// The token of the demo is for the demo alone.
	const demo =
		values.url === undefined ? readDemo(demoFolder).webhooks[sender.provider] : undefined;
	const url = checkUrl(values.url ?? demo?.url);
	const token = values.token ?? demo?.token;
	const mask = createMask(url, token);
	const repeat = readCount(values.repeat);
	for (let count = 1; count <= repeat; count++) {
		const payload = values.fresh ? sender.freshIds(sample.payload) : sample.payload;
		const sent = sender.delivery(sample.event, payload, url, token);
		console.log(`${repeat > 1 ? `[${count}/${repeat}] ` : ''}${displayName} ${sample.event}`);
		console.log(`  ${sent.method} ${mask(sent.url)}`);
		const { status, body } = await request({ ...sent, timeoutMs: TIMEOUT_MS }).catch(
			(error: Error) => {
				throw new Error(mask(error.message));
			},
		);
		console.log(mask(`  ${status} ${STATUS_CODES[status]} ${body}`.trimEnd()));
		if (status < 200 || status > 299) process.exitCode = 1;
	}
}

function checkUrl(text: string | undefined): string {
	if (text === undefined) {
		throw new Error(
			"Where to? Run npm start, or add --url with the trigger's webhook URL: open the trigger in n8n and copy its Production URL (the workflow must be active), or its Test URL after pressing Listen for test event.",
		);
	}
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new Error('--url must be a whole address, such as http://localhost:5678/webhook/…');
	}
	if (url.username || url.password) {
		throw new Error('--url must not hold a user name or a password.');
	}
	return text;
}

function readCount(text: string): number {
	const count = Number(text);
	if (Number.isInteger(count) && count >= 1) return count;
	throw new Error('--repeat must be an integer of at least 1.');
}

/** Hides the token, and whatever a pasted URL holds in its query, wherever it is printed. */
function createMask(url: string, token: string | undefined): (text: string) => string {
	const inQuery = [...new URL(url).searchParams].filter(([name]) => name !== 'event');
	const secrets = [token ?? '', ...inQuery.map(([, value]) => value)]
		.filter(Boolean)
		.flatMap((secret) => [
			secret,
			encodeURIComponent(secret),
			new URLSearchParams({ '': secret }).toString().slice(1),
			JSON.stringify(secret).slice(1, -1),
		])
		.sort((one, other) => other.length - one.length);
	return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
