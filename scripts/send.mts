// Plays a provider: delivers its documented samples to any webhook URL.
import { parseArgs } from 'node:util';
import { findSender, senders, type Sender } from '../testkit/providers/senders.mts';
import { demoFolder, readDemo } from './demo.mts';

const TIMEOUT_SECONDS = 30;
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

interface Order {
	sender: Sender;
	event: string;
	url: string;
	token: string | undefined;
	repeat: number;
	isFresh: boolean;
}

/** What the user asks for; `undefined` for --help. Throws one sentence on what to correct. */
function readOrder(): Order | undefined {
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
	if (values.help) return undefined;
	const [provider, wanted = '', unknown] = positionals;
	if (!provider) throw new Error(`Which provider and event?\n\n${USAGE}`);
	if (unknown) throw new Error(`What is "${unknown}"? See npm run send -- --help`);
	const sender = findSender(provider);
	if (!sender) throw new Error(`There is no provider "${provider}". There are:\n${PROVIDERS}`);
	const sample = sender.samples.find(({ event }) => event.toLowerCase() === wanted.toLowerCase());
	if (!sample) {
		const problem = wanted ? `${sender.displayName} has no sample of "${wanted}".` : 'Which event?';
		throw new Error(`${problem} There are:\n${listEvents(sender)}`);
	}
	// The token of the demo is for the demo alone.
	const demo =
		values.url === undefined ? readDemo(demoFolder).webhooks[sender.provider] : undefined;
	return {
		sender,
		event: sample.event,
		url: checkUrl(values.url ?? demo?.url),
		token: values.token ?? demo?.token,
		repeat: readCount(values.repeat),
		isFresh: values.fresh,
	};
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

/** Whether every answer was 2xx. Stops at the first delivery that gets no answer. */
async function deliver({ sender, event, url, token, repeat, isFresh }: Order): Promise<boolean> {
	const mask = createMask(url, token);
	let areAccepted = true;
	for (let count = 1; count <= repeat; count++) {
		const sample = sender.sample(event);
		const sent = sender.delivery(event, isFresh ? sender.freshIds(sample) : sample, url, token);
		const counter = repeat > 1 ? `[${count}/${repeat}] ` : '';
		console.log(`${counter}${sender.displayName} ${event}`);
		console.log(`  ${sent.method} ${mask(sent.url)}`);
		try {
			const signal = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
			const response = await fetch(sent.url, { ...sent, redirect: 'manual', signal });
			const { status, statusText, ok } = response;
			console.log(mask(`  ${status} ${statusText} ${await response.text()}`.trimEnd()));
			areAccepted &&= ok;
		} catch (error) {
			console.error(`  ${mask(explainNoAnswer(error, new URL(url)))}`);
			return false;
		}
	}
	return areAccepted;
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

function explainNoAnswer(error: unknown, { host }: URL): string {
	const { name, message, cause } = error as Error;
	const { code, message: reason = message } = (cause ?? {}) as NodeJS.ErrnoException;
	if (name === 'TimeoutError') return `No answer from ${host} within ${TIMEOUT_SECONDS} seconds.`;
	if (code === 'ECONNREFUSED') return `Nothing listens at ${host}: is n8n running there?`;
	if (code === 'ENOTFOUND') return `There is no host ${host}: check the URL.`;
	return `Could not deliver to ${host}: ${reason}`;
}

try {
	const order = readOrder();
	if (!order) console.log(USAGE);
	else if (!(await deliver(order))) process.exitCode = 1;
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
