/** The request that the documentation shows; a test sends it, so it stays true. */
export const settleExample = {
  currency: "EUR",
  rates: { USD: "0.92" },
  people: ["Ana", "Ben", "Caro"],
  expenses: [
    { title: "Dinner", paidBy: "Ana", amount: "90.00" },
    { title: "Taxi", paidBy: "Ben", amount: "25.00", currency: "USD", split: { parts: { Ana: 1, Caro: 2 } } },
  ],
};
