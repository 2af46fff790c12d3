import * as React from 'react';

interface Props {
  readonly customer: string;
  readonly lines: ReadonlyArray<{ title: string; price: number }>;
}

export const Receipt: React.FC<Props> = ({ customer, lines }) => (
  <html lang="en">
    <body>
      <h1>Thank you, {customer}</h1>
      <table>
        {lines.map((line) => (
          <tr key={line.title}>
            <td>{line.title}</td>
            <td>{line.price.toFixed(2)}</td>
          </tr>
        ))}
      </table>
      <p>Questions? Just answer this mail &mdash; we read everything.</p>
    </body>
  </html>
);
