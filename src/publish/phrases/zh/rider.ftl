# rider
