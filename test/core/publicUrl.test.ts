import { isPublicUrl } from '../../nodes/core/publicUrl';

it.each([
	'https://n8n.example.com/webhook/1/webhook',
	'http://n8n.example.com:5678/webhook',
	'https://203.0.113.7/webhook',
	'https://[2001:db8::1]/webhook',
	'https://localhost.example.com/webhook',
	'https://172.32.0.1/webhook',
])('%s may be reached from the internet', (url) => {
	expect(isPublicUrl(url)).toBe(true);
});

it.each([
	...['localhost:5678', 'LOCALHOST', 'localhost.', 'n8n.localhost', 'n8n:5678', 'nas.local'],
	...['n8n.internal', 'router.home.arpa', '127.0.0.1:5678', '127.1', '2130706433', '0.0.0.0'],
	...['10.1.2.3', '100.64.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255', '192.168.1.20'],
	...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[fd00::1]', '[fe80::1]'],
])('%s cannot', (host) => expect(isPublicUrl(`http://${host}/webhook`)).toBe(false));

it.each(['', 'no address'])('"%s" is not a URL', (text) => expect(isPublicUrl(text)).toBe(false));
