-- Closings of a shop and what moved in its drawer between the count before and each of them, from the journal itself.
-- $1 tenant, $2 stream, $3 first day, $4 last day (days since 1970-01-01). {data} and {payments} are what reads JSON
-- here and there.
WITH entry AS (
    SELECT event_id, kind, {data} AS data
    FROM events
    WHERE tenant = $1 AND stream = $2
),
counts AS (
    SELECT event_id, CAST(data ->> 'at' AS BIGINT) AS at_ms, CAST(data ->> 'day' AS BIGINT) AS day,
        CAST(data ->> 'expected' AS BIGINT) AS expected, CAST(data ->> 'counted' AS BIGINT) AS counted,
        CAST(data ->> 'since' AS BIGINT) AS said_since,
        CASE WHEN CAST(data -> 'opening' AS TEXT) = 'true' THEN 1 ELSE 0 END AS opening
    FROM entry
    WHERE kind = 'closing'
),
spans AS (
    SELECT at_ms, day, expected, counted, opening,
        coalesce(lag(at_ms) OVER (ORDER BY at_ms, event_id), said_since, 0) AS since,
        coalesce(lag(counted) OVER (ORDER BY at_ms, event_id), 0) AS began
    FROM counts
),
moves AS (
    SELECT kind AS cause, CAST(min(data ->> 'at') AS BIGINT) AS at_ms,
        CAST(sum(CAST(p.value ->> 'amount' AS BIGINT)) AS BIGINT) * CASE kind WHEN 'sale' THEN 1 ELSE -1 END AS amount
    FROM entry, {payments}
    WHERE kind IN ('sale', 'return') AND p.value ->> 'method' = 'cash'
    GROUP BY event_id, kind
    UNION ALL
    SELECT 'udhaar', CAST(data ->> 'at' AS BIGINT), -CAST(data ->> 'amount' AS BIGINT)
    FROM entry
    WHERE kind = 'credit_entry' AND (data ->> 'method' = 'cash'
        OR (data ->> 'method' IS NULL AND coalesce(data ->> 'kind', 'plain') = 'plain' AND data ->> 'undoes' IS NULL
            AND CAST(data ->> 'amount' AS BIGINT) < 0))
    UNION ALL
    SELECT 'expense', CAST(data ->> 'at' AS BIGINT), -CAST(data ->> 'amount' AS BIGINT)
    FROM entry
    WHERE kind = 'expense' AND coalesce(data ->> 'paid', 'cash') = 'cash'
    UNION ALL
    SELECT 'supplier', CAST(data ->> 'at' AS BIGINT), -CAST(data ->> 'amount' AS BIGINT)
    FROM entry
    WHERE kind = 'supplier_payment'
    UNION ALL
    SELECT 'movement', CAST(data ->> 'at' AS BIGINT), CAST(data ->> 'amount' AS BIGINT)
    FROM entry
    WHERE kind = 'cash_movement'
    UNION ALL
    SELECT 'service', CAST(data ->> 'at' AS BIGINT),
        CAST(data ->> 'amount' AS BIGINT) + coalesce(CAST(data ->> 'fee' AS BIGINT), 0)
    FROM entry
    WHERE kind = 'service' AND coalesce(data ->> 'paid', 'cash') = 'cash'
)
SELECT s.at_ms, s.day, s.began, s.expected, s.counted, coalesce(m.cause, '') AS cause,
    CAST(count(m.cause) AS BIGINT) AS moved, CAST(coalesce(sum(m.amount), 0) AS BIGINT) AS amount
FROM spans s
LEFT JOIN moves m ON m.at_ms > s.since AND m.at_ms <= s.at_ms AND m.amount <> 0
WHERE s.opening = 0 AND s.day BETWEEN $3 AND $4
GROUP BY s.at_ms, s.day, s.began, s.expected, s.counted, coalesce(m.cause, '')
ORDER BY s.at_ms, cause
