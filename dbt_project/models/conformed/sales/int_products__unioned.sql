-- Grain: one row per product.
{{ union_sources('products', {
    'product_id': 'varchar',
    'product_name': 'varchar',
    'category': 'varchar',
    'subcategory': 'varchar',
    'brand': 'varchar',
    'price_usd': 'decimal(12, 2)',
    'cost_usd': 'decimal(12, 2)',
}) }}
