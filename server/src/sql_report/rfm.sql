-- Customers by segment as of the end of a day. $1 tenant, $2 shop, $3 that day.
--
-- One row a customer with a sale receipt: last day of a sale, sale receipts, net spend. The quintile of a value is
-- floor(5 * (customers strictly below) / customers) + 1, and rank() - 1 is what stands strictly below. Fewer days
-- since the last sale are better: ranked by the later day, the quintile is turned over.
WITH bought AS (
    SELECT customer_id,
        max(CASE is_return WHEN 0 THEN CAST(day AS TEXT) END) AS last_day,
        count(DISTINCT CASE is_return WHEN 0 THEN sale_id END) AS receipts,
        CAST(sum(amount_paisa) AS BIGINT) AS spend_paisa
    FROM sale_lines
    WHERE tenant = $1 AND shop_id = $2 AND CAST(day AS TEXT) <= $3 AND customer_id IS NOT NULL
    GROUP BY customer_id
    HAVING count(DISTINCT CASE is_return WHEN 0 THEN sale_id END) > 0
),
scored AS (
    SELECT spend_paisa,
        5 - 5 * (rank() OVER (ORDER BY last_day DESC) - 1) / count(*) OVER () AS r,
        5 * (rank() OVER (ORDER BY receipts) - 1) / count(*) OVER () + 1 AS f,
        5 * (rank() OVER (ORDER BY spend_paisa) - 1) / count(*) OVER () + 1 AS m
    FROM bought
),
valued AS (SELECT spend_paisa, r, f, (f + m + 1) / 2 AS v FROM scored),
named AS (
    SELECT spend_paisa,
        CASE
            WHEN r >= 4 AND f = 1 THEN 'new_customers'
            WHEN r = 5 AND v >= 4 OR r = 4 AND v = 5 THEN 'champions'
            WHEN r = 5 AND v = 3 OR r = 4 AND v IN (3, 4) OR r = 3 AND v >= 4 THEN 'loyal_customers'
            WHEN r >= 4 AND v = 2 THEN 'potential_loyalists'
            WHEN r = 3 AND v <= 2 THEN 'promising'
            WHEN r = 3 AND v = 3 OR r = 2 AND v IN (2, 3) THEN 'customers_needing_attention'
            WHEN r = 2 AND v >= 4 OR r = 1 AND v >= 3 THEN 'at_risk'
            ELSE 'lost'
        END AS segment
    FROM valued
)
SELECT segment, CAST(count(*) AS BIGINT) AS customers, CAST(sum(spend_paisa) AS BIGINT) AS spend_paisa
FROM named
GROUP BY segment
