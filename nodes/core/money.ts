/** In reais. Above it a number has no room for exact cents. */
const TOO_LARGE = 1e12;

/**
 * An amount that a user typed in reais, in whole cents: 19.99 is 1999, and 0.1 + 0.2 is 30.
 *
 * @param reais a number, or a text such as "19.99"
 * Throws where it is not an amount, is below zero, or has parts of a cent: money is never rounded.
 */
export function centsOf(reais: unknown, label: string): number {
	// Number() would also read 0x10 and 1e3, which nobody types as an amount.
	const isDecimal = typeof reais === 'string' && /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(reais.trim());
	const amount = isDecimal ? Number(reais) : reais;
	if (typeof amount !== 'number' || !Number.isFinite(amount)) {
		throw new Error(`${label} must be an amount in reais, as in 19.99.`);
	}
	if (amount < 0) throw new Error(`${label} is below zero. Enter an amount in reais, as in 19.99.`);
	const cents = Math.round(amount * 100);
	if (amount >= TOO_LARGE) {
		throw new Error(`${label} is too large to be exact. Enter an amount in reais, as in 19.99.`);
	}
	// What floating point adds is far smaller than this; a part of a cent that someone typed is far larger.
	if (Math.abs(amount - cents / 100) > 1e-6) {
		throw new Error(
			`${label} has parts of a cent. Enter an amount in reais with two decimals at most.`,
		);
	}
	return cents;
}
