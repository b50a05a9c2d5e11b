# parking
